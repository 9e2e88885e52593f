using System.Globalization;

namespace SaasBilling.DependencyInjection;

/// <summary>Says of wrong options which, what they are, and what they should be.</summary>
internal sealed class OptionFaults(string type, ICollection<string> sentences)
{
    public void Duration(string property, TimeSpan value, TimeSpan shortest, TimeSpan longest)
    {
        if (value < shortest || value > longest)
            Add(property, value, $"it must be from {shortest} to {longest}");
    }

    public void Number(string property, int value, int smallest, int largest)
    {
        if (value < smallest || value > largest)
            Add(property, value, $"it must be from {smallest} to {largest}");
    }

    public void Add(string property, object? value, string rule) =>
        sentences.Add(string.Create(CultureInfo.InvariantCulture, $"{type}.{property} is {value ?? "null"}; {rule}."));
}
