namespace SaasBilling.StripeServer;

/// <summary>One attempt to deliver an event to a webhook endpoint.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Type">Its type.</param>
/// <param name="EndpointId">The endpoint.</param>
/// <param name="Attempt">Counts the attempts of this event and endpoint from 1.</param>
/// <param name="Status">The HTTP status; null: nobody answered.</param>
public sealed record StripeDelivery(string EventId, string Type, string EndpointId, int Attempt, int? Status);
