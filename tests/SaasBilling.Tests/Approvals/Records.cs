using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace SaasBilling.Tests.Approvals;

/// <summary>Tells records from classes and structs, by what the compiler makes of them.</summary>
internal static class Records
{
    private const BindingFlags Instance = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    internal static bool IsRecord(Type type) =>
        type.GetMethod("<Clone>$", Instance) is not null
        || (type.IsValueType && type.GetMethod("PrintMembers", Instance, [typeof(StringBuilder)]) is { } print && print.IsDefined(typeof(CompilerGeneratedAttribute)));

    /// <summary>The public constructor whose parameters became properties; null: the record has no such list.</summary>
    internal static ConstructorInfo? PrimaryConstructor(Type type)
    {
        if (!IsRecord(type))
            return null;

        var taken = type.GetMethods(Instance)
            .Where(method => method is { Name: "Deconstruct", IsPublic: true } && method.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Select(method => method.GetParameters())
            .SingleOrDefault();
        return taken is null
            ? null
            : type.GetConstructors().SingleOrDefault(constructor => constructor.GetParameters().Select(Named).SequenceEqual(taken.Select(Named)));

        static (string? Name, Type Type) Named(ParameterInfo parameter) =>
            (parameter.Name, parameter.ParameterType.IsByRef ? parameter.ParameterType.GetElementType()! : parameter.ParameterType);
    }
}
