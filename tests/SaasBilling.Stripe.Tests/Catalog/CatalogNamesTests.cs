using SaasBilling.Stripe.Catalog;

namespace SaasBilling.Stripe.Tests.Catalog;

public sealed class CatalogNamesTests
{
    private static readonly CatalogNames Names = new("saasbilling:");

    [Theory]
    [InlineData("pro", "saasbilling-pro")]
    [InlineData("half-once", "saasbilling-half-once")]
    [InlineData("v1.2", "saasbilling-v1_-2")]
    [InlineData("api_calls", "saasbilling-api__calls")]
    [InlineData("a_-b", "saasbilling-a__-b")]
    [InlineData("_._.", "saasbilling-___-___-")]
    public void Ids_have_no_character_that_Stripe_refuses_and_are_read_back(string key, string id)
    {
        Assert.Equal((id, id), (Names.CouponId(key), Names.ProductId(key)));
        Assert.Matches("^[A-Za-z0-9_-]+$", id);
        Assert.Equal(key, Names.CouponKey(id));
    }

    [Fact]
    public void A_coupon_that_was_made_elsewhere_keeps_its_id() => Assert.Equal("Z4OV52SU", Names.CouponKey("Z4OV52SU"));

    [Fact]
    public void Lookup_keys_are_the_keys_with_the_prefix()
    {
        Assert.Equal("saasbilling:pro/usd/month", Names.LookupKey("pro/usd/month"));
        Assert.Equal(("pro/usd/month", null, null), (Names.PriceKey("saasbilling:pro/usd/month"), Names.PriceKey("other"), Names.PriceKey(null)));
    }
}
