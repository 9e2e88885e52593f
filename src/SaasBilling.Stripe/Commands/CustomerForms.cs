using SaasBilling.Stripe.Http;
using SaasBilling.Stripe.Wire;

namespace SaasBilling.Stripe.Commands;

/// <summary>Requests about customers and their cards. Pure.</summary>
internal static class CustomerForms
{
    /// <summary>Says no more than whose it is, so that two processes that make the same customer send the same request under the same key, and make one.</summary>
    public static StripeForm Create(string appId) => new StripeForm().Add(Names.Metadata(Names.Customer), appId);

    /// <summary>The given details; what is not given stays.</summary>
    public static StripeForm Update(CustomerDetails details)
    {
        var form = new StripeForm()
            .Add("email", details.Email)
            .Add("name", details.Name)
            .Add("preferred_locales[0]", details.Locale)
            .Add(Names.Metadata(Names.TimeZone), details.TimeZone);
        foreach (var (key, value) in details.Metadata ?? new Dictionary<string, string>())
            form.Add(Names.Metadata(key), value);
        return form;
    }

    public static StripeForm MarkDeleted(DateTimeOffset now) => new StripeForm().Add(Names.Metadata(Names.DeletedAt), now);

    public static StripeForm Attach(string stripeId) => new StripeForm().Add("customer", stripeId);

    public static StripeForm MakeDefault(string paymentMethodId) => new StripeForm().Add("invoice_settings[default_payment_method]", paymentMethodId);

    /// <summary>A subscription's own card would be charged before the customer's.</summary>
    public static StripeForm DropOwnDefault() => new StripeForm().Add("default_payment_method", "");
}
