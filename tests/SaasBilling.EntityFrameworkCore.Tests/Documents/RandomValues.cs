using System.Reflection;

namespace SaasBilling.EntityFrameworkCore.Tests.Documents;

/// <summary>Makes a value of any type of the domain, every member set at random, with a liking for the borders.</summary>
internal sealed class RandomValues(Random random)
{
    private static readonly string[] Texts = ["", " ", "acme", "Zürich 🙂 客户", "\"quoted\\\" \n line", "</script>&amp;", "'; drop table x; --", "null", new string('x', 500), "a b"];

    private static readonly long[] Numbers = [0, 1, -1, 2900, int.MaxValue, long.MinValue, long.MaxValue, 9_007_199_254_740_993];

    private static readonly decimal[] Decimals = [0, 1, -1, 12.50m, 0.000000000001m, decimal.MaxValue, decimal.MinValue, 79228162514.264337593543950335m];

    private static readonly NullabilityInfoContext Nullability = new();

    public T Make<T>() => (T)Make(typeof(T))!;

    public object? Make(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return random.Next(3) == 0 ? null : Make(inner);
        if (type.IsEnum)
            return Pick(Enum.GetValues(type).Cast<object>().ToArray());
        if (type.IsGenericType)
            return Collection(type);

        return Simple(type) ?? Record(type);
    }

    private object? Simple(Type type) => type switch
    {
        _ when type == typeof(string) => Pick(Texts),
        _ when type == typeof(bool) => random.Next(2) == 0,
        _ when type == typeof(int) => (int)Pick(Numbers),
        _ when type == typeof(long) => Pick(Numbers),
        _ when type == typeof(decimal) => Pick(Decimals),
        _ when type == typeof(TimeSpan) => new TimeSpan(Pick(Numbers)),
        _ when type == typeof(DateTimeOffset) => Pick([DateTimeOffset.MinValue, DateTimeOffset.MaxValue, DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(1L << 55))]),
        _ when type == typeof(Uri) => Pick([new Uri("https://billing.example/a?b=c#d"), new Uri("https://zürich.example/ü%20x"), new Uri("relative/path", UriKind.Relative)]),
        _ when type == typeof(Currency) => Pick([default, Currency.Of("USD"), Currency.Of("JPY"), Currency.Of("KWD")]),
        _ when type == typeof(Money) => Pick([default, Money.FromMinorUnits(Pick(Numbers), "USD"), Money.FromMinorUnits(Pick(Numbers), "JPY")]),
        _ when type == typeof(BillingInterval) => Pick([default, BillingInterval.Monthly, BillingInterval.Quarterly, BillingInterval.Yearly, new BillingInterval(IntervalUnit.Week, 156), new BillingInterval(IntervalUnit.Day, 10)]),
        _ => null,
    };

    private object Collection(Type type)
    {
        var arguments = type.GetGenericArguments();
        if (arguments is [var item])
        {
            var list = Array.CreateInstance(item, random.Next(4));
            for (var i = 0; i < list.Length; i++)
                list.SetValue(Make(item), i);
            return list;
        }

        var entries = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(arguments))!;
        for (var i = random.Next(4); i > 0; i--)
            entries[$"key {i} \"ü\""] = Make(arguments[1]);
        return entries;
    }

    private object Record(Type type)
    {
        var constructor = type.GetConstructors().Where(constructor => !constructor.GetParameters().Any(parameter => parameter.ParameterType == type)).MaxBy(constructor => constructor.GetParameters().Length)
            ?? throw new InvalidOperationException($"{type} has no constructor.");
        var parameters = constructor.GetParameters();
        var made = constructor.Invoke([.. parameters.Select(parameter => MayBeNull(Nullability.Create(parameter)) ? null : Make(parameter.ParameterType))]);
        foreach (var property in type.GetProperties().Where(property => property.CanWrite && !Array.Exists(parameters, parameter => parameter.Name == property.Name)))
            property.SetValue(made, MayBeNull(Nullability.Create(property)) ? null : Make(property.PropertyType));
        return made;
    }

    private bool MayBeNull(NullabilityInfo info) => info.Type.IsClass && info.ReadState == NullabilityState.Nullable && random.Next(3) == 0;

    private T Pick<T>(T[] values) => values[random.Next(values.Length)];
}
