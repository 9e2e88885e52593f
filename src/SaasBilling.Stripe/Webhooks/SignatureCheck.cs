using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SaasBilling.Stripe.Webhooks;

/// <summary>What a signature comes to.</summary>
internal enum SignatureVerdict
{
    /// <summary>Signed with a secret of ours, and lately.</summary>
    Genuine,

    /// <summary>The header is not of Stripe's form.</summary>
    Malformed,

    /// <summary>Signed with no secret of ours, or the body is not the one that was signed.</summary>
    Foreign,

    /// <summary>Genuine once, too long ago.</summary>
    Stale,

    /// <summary>Genuine, and signed too far ahead of this machine's clock.</summary>
    Ahead,
}

/// <summary>
/// Was a webhook signed by Stripe? The scheme is <c>t=…,v1=…</c>: HMAC-SHA256 over the instant, a dot, and the body as it came, in lower-case hex.
/// While a secret is rotated there are several <c>v1</c>; other schemes are not looked at. Source: https://docs.stripe.com/webhooks.
/// </summary>
internal static class SignatureCheck
{
    private const int MacHex = 64;
    private const int LongestHeader = 4096;
    private const int LongestInstant = 12;

    /// <param name="body">The body, exactly as it came in.</param>
    /// <param name="header">The value of <c>Stripe-Signature</c>.</param>
    /// <param name="secrets">The secrets, as bytes.</param>
    /// <param name="now">The present.</param>
    /// <param name="tolerance">How far the signature's instant may be from the present, either way.</param>
    public static SignatureVerdict Verify(ReadOnlySpan<byte> body, ReadOnlySpan<char> header, ReadOnlySpan<byte[]> secrets, DateTimeOffset now, TimeSpan tolerance)
    {
        if (header.Length > LongestHeader || !TryReadInstant(header, out var instant, out var signedAt))
            return SignatureVerdict.Malformed;

        if (!IsSigned(body, header, instant, secrets))
            return HasSignature(header) ? SignatureVerdict.Foreign : SignatureVerdict.Malformed;

        // Only what is genuine is told that it is late.
        var age = now.ToUnixTimeSeconds() - signedAt;
        return age > tolerance.TotalSeconds ? SignatureVerdict.Stale : -age > tolerance.TotalSeconds ? SignatureVerdict.Ahead : SignatureVerdict.Genuine;
    }

    private static bool IsSigned(ReadOnlySpan<byte> body, ReadOnlySpan<char> header, ReadOnlySpan<char> instant, ReadOnlySpan<byte[]> secrets)
    {
        var rented = ArrayPool<byte>.Shared.Rent(instant.Length + 1 + body.Length);
        try
        {
            var signed = rented.AsSpan(0, instant.Length + 1 + body.Length);
            Encoding.ASCII.GetBytes(instant, signed);
            signed[instant.Length] = (byte)'.';
            body.CopyTo(signed[(instant.Length + 1)..]);

            Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
            Span<byte> expected = stackalloc byte[MacHex];
            foreach (var secret in secrets)
            {
                HMACSHA256.HashData(secret, signed, mac);
                Convert.TryToHexStringLower(mac, expected, out _);
                if (HasMac(header, expected))
                    return true;
            }

            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static bool HasMac(ReadOnlySpan<char> header, ReadOnlySpan<byte> expected)
    {
        Span<byte> given = stackalloc byte[MacHex];
        var found = false;
        foreach (var part in header.Split(','))
        {
            var text = header[part];
            if (IsSignature(text) && Encoding.ASCII.TryGetBytes(text[3..], given, out _))
                found |= CryptographicOperations.FixedTimeEquals(given, expected);
        }

        return found;
    }

    private static bool HasSignature(ReadOnlySpan<char> header)
    {
        foreach (var part in header.Split(','))
        {
            if (IsSignature(header[part]))
                return true;
        }

        return false;
    }

    private static bool IsSignature(ReadOnlySpan<char> text) => text.Length == MacHex + 3 && text.StartsWith("v1=", StringComparison.Ordinal) && Ascii.IsValid(text);

    private static bool TryReadInstant(ReadOnlySpan<char> header, out ReadOnlySpan<char> instant, out long seconds)
    {
        instant = default;
        seconds = 0;
        foreach (var part in header.Split(','))
        {
            var text = header[part];
            if (!text.StartsWith("t=", StringComparison.Ordinal))
                continue;
            if (!instant.IsEmpty || text.Length is < 3 or > LongestInstant + 2)
                return false;

            instant = text[2..];
            if (!long.TryParse(instant, NumberStyles.None, CultureInfo.InvariantCulture, out seconds))
                return false;
        }

        return !instant.IsEmpty;
    }
}
