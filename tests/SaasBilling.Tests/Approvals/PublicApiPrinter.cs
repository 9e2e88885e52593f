using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace SaasBilling.Tests.Approvals;

/// <summary>Prints what an assembly offers to other assemblies, as C# declarations in a fixed order, so that a change of the API is a change of text.</summary>
internal static class PublicApiPrinter
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    internal static string Print(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var ofNamespace in assembly.GetExportedTypes().Where(type => !type.IsNested).GroupBy(type => type.Namespace).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            text.Append("namespace ").Append(ofNamespace.Key).Append("\n{\n");
            foreach (var type in ofNamespace.OrderBy(type => type.Name, StringComparer.Ordinal))
                Append(text, type, "    ");
            text.Append("}\n\n");
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Append(StringBuilder text, Type type, string indentation)
    {
        foreach (var attribute in MemberPrinter.Attributes(type))
            text.Append(indentation).Append(attribute).Append('\n');

        text.Append(indentation).Append(Header(type));
        var inner = indentation + "    ";
        var members = type.IsEnum
            ? [.. EnumMembers(type)]
            : Members(type);
        var nested = type.GetNestedTypes(Declared).Where(IsOffered).OrderBy(type => type.Name, StringComparer.Ordinal).ToList();
        if (typeof(Delegate).IsAssignableFrom(type) || (members.Count == 0 && nested.Count == 0))
        {
            text.Append(";\n");
            return;
        }

        if (members is [var only] && nested.Count == 0 && Records.IsRecord(type))
        {
            text.Append(" { ").Append(only).Append(" }\n");
            return;
        }

        text.Append('\n').Append(indentation).Append("{\n");
        foreach (var member in members)
            text.Append(inner).Append(member).Append('\n');
        foreach (var inside in nested)
            Append(text, inside, inner);
        text.Append(indentation).Append("}\n");
    }

    private static string Header(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            var invoke = type.GetMethod("Invoke")!;
            return $"public delegate {MemberPrinter.Returns(invoke)} {TypeNames.Of(type)}({MemberPrinter.Parameters(invoke)}){MemberPrinter.Constraints(type.GetGenericArguments())}";
        }

        var header = new StringBuilder("public ").Append(Kind(type)).Append(' ').Append(TypeNames.Of(type));
        if (Records.PrimaryConstructor(type) is { } primary)
            header.Append('(').Append(MemberPrinter.Parameters(primary)).Append(')');

        var bases = Bases(type).ToList();
        if (bases.Count > 0)
            header.Append(" : ").AppendJoin(", ", bases);
        return header.Append(MemberPrinter.Constraints(type.GetGenericArguments())).ToString();
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => $"{(type.IsDefined(typeof(IsReadOnlyAttribute), inherit: false) ? "readonly " : "")}{(Records.IsRecord(type) ? "record struct" : "struct")}",
        { IsAbstract: true, IsSealed: true } => "static class",
        _ => $"{(type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "")}{(Records.IsRecord(type) ? "record" : "class")}",
    };

    private static IEnumerable<string> Bases(Type type)
    {
        if (type.IsEnum)
        {
            if (Enum.GetUnderlyingType(type) != typeof(int))
                yield return TypeNames.Of(Enum.GetUnderlyingType(type));
            yield break;
        }

        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            yield return TypeNames.Of(parent);

        var inherited = type.GetInterfaces().SelectMany(i => i.GetInterfaces()).Concat(type.BaseType?.GetInterfaces() ?? []).ToHashSet();
        var own = type.GetInterfaces()
            .Where(i => i.IsVisible && !inherited.Contains(i) && !(Records.IsRecord(type) && i == typeof(IEquatable<>).MakeGenericType(type)))
            .Select(i => TypeNames.Of(i))
            .Order(StringComparer.Ordinal);
        foreach (var name in own)
            yield return name;
    }

    private static IEnumerable<string> EnumMembers(Type type) => type
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (field.Name, Value: Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)))
        .OrderBy(member => member.Value)
        .Select(member => $"{member.Name} = {member.Value},");

    private static List<string> Members(Type type)
    {
        var positional = Records.PrimaryConstructor(type)?.GetParameters().Select(parameter => parameter.Name!).ToHashSet(StringComparer.Ordinal) ?? [];
        return
        [
            .. Printed(type.GetConstructors(Declared).Where(constructor => MemberPrinter.IsOffered(constructor) && constructor != Records.PrimaryConstructor(type) && !IsGivenByRecord(constructor)), MemberPrinter.Print),
            .. Printed(type.GetFields(Declared).Where(field => (field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly) && !IsGenerated(field)), MemberPrinter.Print),
            .. Printed(type.GetProperties(Declared).Where(property => property.GetAccessors(nonPublic: true).Any(MemberPrinter.IsOffered) && !IsGenerated(property) && !positional.Contains(property.Name)), MemberPrinter.Print),
            .. Printed(type.GetEvents(Declared).Where(@event => MemberPrinter.IsOffered(@event.AddMethod!)), MemberPrinter.Print),
            .. Printed(type.GetMethods(Declared).Where(IsOfferedMethod), MemberPrinter.Print),
        ];

        static bool IsOfferedMethod(MethodInfo method) =>
            MemberPrinter.IsOffered(method)
            && (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
            && !IsGenerated(method)
            && !method.Name.Contains('<', StringComparison.Ordinal)
            && method.GetBaseDefinition().DeclaringType != typeof(object);

        // Every record can be copied; one without a list of parameters is made from nothing.
        static bool IsGivenByRecord(ConstructorInfo constructor) =>
            Records.IsRecord(constructor.DeclaringType!)
            && constructor.GetParameters() is var parameters
            && (parameters.Length == 0 || (parameters.Length == 1 && parameters[0].ParameterType == constructor.DeclaringType));
    }

    private static IEnumerable<string> Printed<T>(IEnumerable<T> members, Func<T, string> print)
        where T : MemberInfo =>
        members
            .Select(member => (member.Name, Text: print(member)))
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .ThenBy(member => member.Text, StringComparer.Ordinal)
            .Select(member => member.Text);

    private static bool IsOffered(Type nested) =>
        (nested.IsNestedPublic || nested.IsNestedFamily || nested.IsNestedFamORAssem) && !nested.Name.Contains('<', StringComparison.Ordinal);

    private static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);
}
