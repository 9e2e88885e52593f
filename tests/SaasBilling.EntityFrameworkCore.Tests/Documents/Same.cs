using System.Collections;

namespace SaasBilling.EntityFrameworkCore.Tests.Documents;

/// <summary>Compares member by member, lists item by item. Values that were never set are values too.</summary>
internal static class Same
{
    public static void As(object? expected, object? actual) => Assert.Null(Difference(expected, actual, "it"));

    private static string? Difference(object? expected, object? actual, string path)
    {
        if (expected is null || actual is null || expected is string || expected.GetType().IsValueType || expected is Uri)
            return Equals(expected, actual) ? null : $"{path}: {expected} is now {actual}";
        if (expected is IDictionary dictionary)
            return Lists(dictionary.Keys.Cast<object>().Order().Select(key => (key, dictionary[key])), Entries(actual), path);
        if (expected is IEnumerable list)
            return Lists(list.Cast<object?>(), ((IEnumerable)actual).Cast<object?>(), path);
        if (expected.GetType() != actual.GetType())
            return $"{path}: {expected.GetType()} is now {actual.GetType()}";

        return expected.GetType().GetProperties()
            .Where(property => property.CanWrite)
            .Select(property => Difference(property.GetValue(expected), property.GetValue(actual), $"{path}.{property.Name}"))
            .FirstOrDefault(difference => difference is not null);
    }

    private static IEnumerable<(object, object?)> Entries(object dictionary) =>
        dictionary is IDictionary entries ? entries.Keys.Cast<object>().Order().Select(key => (key, entries[key])) : [];

    private static string? Lists<T>(IEnumerable<T> expected, IEnumerable<T> actual, string path)
    {
        var (left, right) = (expected.ToList(), actual.ToList());
        return left.Count != right.Count
            ? $"{path}: {left.Count} items are now {right.Count}"
            : left.Zip(right).Select((pair, index) => Difference(pair.First, pair.Second, $"{path}[{index}]")).FirstOrDefault(difference => difference is not null);
    }
}
