using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.Storage;

namespace SaasBilling.EntityFrameworkCore.Queue;

/// <summary>Messages and their rows.</summary>
internal static class InboxRows
{
    public static InboxRow Row(InboxMessage message) => new()
    {
        Provider = message.Provider,
        EventId = message.EventId,
        IsLive = message.IsLive,
        Type = message.Type,
        ObjectId = message.ObjectId,
        Subject = message.Subject,
        ReceivedAt = message.ReceivedAt,
        Body = message.Body,
        JobKey = message.JobKey,
    };

    public static InboxMessage Message(InboxRow row) => new()
    {
        Provider = row.Provider,
        EventId = row.EventId,
        IsLive = row.IsLive,
        Type = row.Type,
        ObjectId = row.ObjectId,
        Subject = row.Subject,
        ReceivedAt = row.ReceivedAt,
        Body = row.Body,
    };
}
