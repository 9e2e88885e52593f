using System.Globalization;
using System.Reflection;

namespace SaasBilling.Tests.Approvals;

/// <summary>Types, values and names as C# writes them, without namespaces.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(byte)] = "byte",
        [typeof(sbyte)] = "sbyte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    /// <summary>The name, with a question mark wherever null is a value.</summary>
    internal static string Of(Type type, NullabilityInfo? nullability = null, NullabilityState? state = null)
    {
        if (type.IsByRef)
            return Of(type.GetElementType()!, nullability?.ElementType ?? nullability, state);

        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return $"{Of(underlying, nullability)}?";

        var mark = !type.IsValueType && (state ?? nullability?.ReadState) == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray)
            return $"{Of(type.GetElementType()!, nullability?.ElementType)}[]{mark}";

        return $"{Bare(type, nullability)}{mark}";
    }

    /// <summary>The name without type arguments.</summary>
    internal static string Simple(Type type) => type.Name.Split('`')[0];

    /// <summary>A constant or a default value.</summary>
    internal static string Value(object? value, Type type)
    {
        var underlying = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            null => type.IsValueType && underlying == type ? "default" : "null",
            string text => $"\"{text}\"",
            bool flag => flag ? "true" : "false",
            _ when underlying.IsEnum => $"{Of(underlying)}.{Enum.GetName(underlying, value) ?? Convert.ToString(value, CultureInfo.InvariantCulture)}",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    private static string Bare(Type type, NullabilityInfo? nullability)
    {
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;

        if (type.IsGenericParameter)
            return type.Name;

        var outer = type.IsNested ? $"{Bare(type.DeclaringType!, null)}." : "";
        if (!type.IsGenericType)
            return outer + type.Name;

        var ofNullable = nullability?.GenericTypeArguments is { Length: > 0 } known ? known : null;
        var arguments = type.GetGenericArguments().Select((argument, i) => Variance(argument) + Of(argument, ofNullable?.ElementAtOrDefault(i)));
        return Simple(type) == nameof(ValueTuple)
            ? $"({string.Join(", ", arguments)})"
            : $"{outer}{Simple(type)}<{string.Join(", ", arguments)}>";
    }

    private static string Variance(Type argument) => !argument.IsGenericTypeParameter
        ? ""
        : (argument.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
        {
            GenericParameterAttributes.Contravariant => "in ",
            GenericParameterAttributes.Covariant => "out ",
            _ => "",
        };
}
