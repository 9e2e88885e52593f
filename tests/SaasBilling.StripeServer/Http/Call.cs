using System.Text.Json.Nodes;
using SaasBilling.StripeServer.Objects;

namespace SaasBilling.StripeServer.Http;

/// <summary>A request as an endpoint sees it.</summary>
/// <param name="Account">The account that the key belongs to.</param>
/// <param name="Path">The path that was asked for.</param>
/// <param name="Ids">The ids in the path, in their order.</param>
/// <param name="Parameters">What was sent, in the endpoint's types, without <c>expand</c>.</param>
internal sealed record Call(Account Account, string Path, string[] Ids, JsonObject Parameters)
{
    public string Id => Ids[0];

    public Registry Objects => Account.Objects;

    public PlainResource Require(string kind, string name) =>
        Objects.FindPlain(kind, Id) ?? throw StripeFault.NoSuch(name, Id);

    /// <summary>A page of a list: newest first.</summary>
    public JsonObject Page(IEnumerable<Resource> newestFirst) => Paging.Page(this, newestFirst, resource => resource.Render(Account));

    public static JsonObject Deleted(string kind, string id) => new() { ["id"] = id, ["object"] = kind, ["deleted"] = true };
}

/// <summary>Answers one endpoint.</summary>
internal delegate JsonNode Endpoint(Call call);
