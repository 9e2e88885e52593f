using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using SaasBilling.Storage;

namespace SaasBilling.Queries;

/// <summary>
/// A place in a list as an opaque text. It names its list, so that it is not taken for one of another, and carries a check, so that one that was cut or
/// retyped is told from one that is whole; neither is a secret.
/// </summary>
internal static class PageToken
{
    private const int CheckLength = 6;
    private const int LongestToken = 8_000;

    public static string Write(string list, ListPosition position)
    {
        using var stream = new MemoryStream();
        stream.Write(stackalloc byte[CheckLength]);
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(list);
            writer.Write(position.At.UtcTicks);
            writer.Write(position.Owner);
            writer.Write(position.Id);
        }

        var bytes = stream.ToArray();
        Check(bytes).CopyTo(bytes, 0);
        return Base64Url.EncodeToString(bytes);
    }

    /// <exception cref="BillingException"><see cref="BillingErrorCode.InvalidArgument"/>: the list did not give this token.</exception>
    public static ListPosition Read(string list, string token)
    {
        if (token.Length > LongestToken || !Base64Url.IsValid(token) || Base64Url.DecodeFromChars(token) is not { Length: > CheckLength } bytes || !Check(bytes).AsSpan().SequenceEqual(bytes.AsSpan(0, CheckLength)))
            throw Checks.Invalid("The continuation token cannot be read. Pass on the Next of the page before, as it is.");

        using var reader = new BinaryReader(new MemoryStream(bytes, CheckLength, bytes.Length - CheckLength), Encoding.UTF8);
        var of = reader.ReadString();
        return of == list
            ? new(new(reader.ReadInt64(), TimeSpan.Zero), reader.ReadString(), reader.ReadString())
            : throw Checks.Invalid($"The continuation token is of the list '{of}', and this is the list '{list}'. Pass on the Next of the page before, with the same filter.");
    }

    private static byte[] Check(byte[] bytes) => SHA256.HashData(bytes.AsSpan(CheckLength))[..CheckLength];
}
