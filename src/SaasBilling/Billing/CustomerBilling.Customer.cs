namespace SaasBilling;

internal sealed partial class CustomerBilling
{
    public async Task<Customer> EnsureCustomerAsync(CustomerDetails? details = null, CancellationToken cancellationToken = default)
    {
        details = DetailRules.Check(details ?? new CustomerDetails());
        var result = await RunAsync(
            async (turn, token) =>
            {
                RequireNotDeleted(turn.State);
                if (turn.State is { } state && DetailRules.AreKnown(details, state.Customer))
                    return;

                await BringAsync(
                    turn,
                    "ensure",
                    key => Provider.EnsureCustomerAsync(new(CustomerId, details), key, token),
                    details.Email,
                    details.Name,
                    details.TimeZone,
                    details.Locale,
                    DetailRules.Text(details.Metadata)).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
        return result.State?.Customer ?? throw Lost($"customer '{CustomerId}'");
    }

    public async Task<Customer?> GetCustomerAsync(CancellationToken cancellationToken = default) =>
        (await StateAsync(cancellationToken).ConfigureAwait(false))?.Customer;

    public Task DeleteCustomerAsync(CancellationToken cancellationToken = default) => RunAsync(
        async (turn, token) =>
        {
            if (RequireKnown(turn.State).Customer.DeletedAt is null)
                await BringAsync(turn, "delete", key => Provider.DeleteCustomerAsync(CustomerId, key, token)).ConfigureAwait(false);
        },
        cancellationToken);

    public async Task RecordMilestoneAsync(string milestone, CancellationToken cancellationToken = default)
    {
        Checks.Identifier(milestone, Bounds.Milestone);
        await RunAsync(
            async (turn, token) =>
            {
                RequireNotDeleted(turn.State);
                if (turn.State?.Milestones.Contains(milestone) == true)
                    return;

                await EnsureKnownAsync(turn, token).ConfigureAwait(false);
                turn.Milestone = milestone;
            },
            cancellationToken).ConfigureAwait(false);
    }
}
