using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace SaasBilling.Tests.Approvals;

/// <summary>Prints members as C# declarations without bodies.</summary>
internal static class MemberPrinter
{
    internal static bool IsOffered(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    internal static string Print(ConstructorInfo constructor) =>
        $"{Lead(constructor)}{Access(constructor)}{TypeNames.Simple(constructor.DeclaringType!)}({Parameters(constructor)});";

    internal static string Print(FieldInfo field)
    {
        var access = field.IsPublic ? "public " : "protected ";
        var type = TypeNames.Of(field.FieldType, Nullability().Create(field));
        return field.IsLiteral
            ? $"{Lead(field)}{access}const {type} {field.Name} = {TypeNames.Value(field.GetRawConstantValue(), field.FieldType)};"
            : $"{Lead(field)}{access}{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{type} {field.Name};";
    }

    internal static string Print(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(IsOffered).ToList();
        var widest = accessors.FirstOrDefault(accessor => accessor.IsPublic) ?? accessors[0];
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var index = property.GetIndexParameters();
        var name = index.Length > 0 ? $"this[{Parameters(index)}]" : property.Name;
        var nullability = Nullability().Create(property);
        var state = property.CanRead ? nullability.ReadState : nullability.WriteState;
        var bodies = accessors.Select(accessor => Body(accessor, widest)).Order(StringComparer.Ordinal);
        return $"{Lead(property)}{Access(widest)}{Modifiers(widest)}{required}{TypeNames.Of(property.PropertyType, nullability, state)} {name} {{ {string.Join(' ', bodies)} }}";
    }

    internal static string Print(EventInfo @event) =>
        $"{Lead(@event)}{Access(@event.AddMethod!)}{Modifiers(@event.AddMethod!)}event {TypeNames.Of(@event.EventHandlerType!, Nullability().Create(@event))} {@event.Name};";

    internal static string Print(MethodInfo method)
    {
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";
        var extension = method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " : "";
        var name = method.Name.StartsWith("op_", StringComparison.Ordinal) ? $"operator {method.Name["op_".Length..]}" : method.Name;
        return $"{Lead(method)}{Access(method)}{Modifiers(method)}{Returns(method)} {name}{generic}({extension}{Parameters(method)}){Constraints(method.GetGenericArguments())};";
    }

    internal static string Returns(MethodInfo method)
    {
        var nullability = Nullability().Create(method.ReturnParameter);
        return (method.ReturnType.IsByRef ? "ref " : "") + TypeNames.Of(method.ReturnType, nullability, nullability.ReadState);
    }

    internal static string Parameters(MethodBase method) => Parameters(method.GetParameters());

    internal static string Constraints(Type[] arguments) => string.Concat(arguments.Where(argument => argument.IsGenericParameter).Select(Constraint));

    internal static IEnumerable<string> Attributes(MemberInfo member)
    {
        if (member.IsDefined(typeof(FlagsAttribute), inherit: false))
            yield return "[Flags]";

        // The compiler marks constructors of types with required members obsolete, for compilers that do not know those.
        if (member.GetCustomAttribute<ObsoleteAttribute>(inherit: false) is { } obsolete && !member.IsDefined(typeof(CompilerFeatureRequiredAttribute), inherit: false))
            yield return $"[Obsolete({TypeNames.Value(obsolete.Message, typeof(string))})]";
        if (member.GetCustomAttribute<ExperimentalAttribute>(inherit: false) is { } experimental)
            yield return $"[Experimental(\"{experimental.DiagnosticId}\")]";
    }

    private static string Parameters(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var nullability = Nullability().Create(parameter);
        var state = parameter.IsOut ? nullability.ReadState : nullability.WriteState;
        var modifier = parameter switch
        {
            { IsOut: true } => "out ",
            { IsIn: true } => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ when parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) => "params ",
            _ => "",
        };
        var standard = parameter.HasDefaultValue ? $" = {TypeNames.Value(parameter.RawDefaultValue, parameter.ParameterType)}" : "";
        return $"{modifier}{TypeNames.Of(parameter.ParameterType, nullability, state)} {parameter.Name}{standard}";
    }

    private static string Constraint(Type argument)
    {
        var attributes = argument.GenericParameterAttributes;
        var isStruct = attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        List<string> constraints = isStruct
            ? ["struct"]
            : attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? ["class"] : [];
        constraints.AddRange(argument.GetGenericParameterConstraints().Where(type => type != typeof(ValueType)).Select(type => TypeNames.Of(type)));
        if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isStruct)
            constraints.Add("new()");
        return constraints.Count == 0 ? "" : $" where {argument.Name} : {string.Join(", ", constraints)}";
    }

    private static string Body(MethodInfo accessor, MethodInfo widest)
    {
        var isInit = accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
        var name = accessor.ReturnType != typeof(void) ? "get" : isInit ? "init" : "set";
        return $"{(accessor.IsPublic || !widest.IsPublic ? "" : Access(accessor))}{name};";
    }

    private static string Access(MethodBase method) => method switch
    {
        { DeclaringType.IsInterface: true } => "",
        { IsPublic: true } => "public ",
        _ => "protected ",
    };

    private static string Modifiers(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface)
            return method.IsStatic ? "static " : method.IsAbstract ? "" : "virtual ";
        if (method.IsStatic)
            return "static ";
        if (method.IsAbstract)
            return "abstract ";
        if (method.GetBaseDefinition() != method)
            return method.IsFinal ? "sealed override " : "override ";

        return method is { IsVirtual: true, IsFinal: false } ? "virtual " : "";
    }

    private static string Lead(MemberInfo member) => string.Concat(Attributes(member).Select(attribute => $"{attribute} "));

    private static NullabilityInfoContext Nullability() => new();
}
