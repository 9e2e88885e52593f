using System.Reflection;
using System.Runtime.CompilerServices;

namespace SaasBilling.Tests.Architecture;

public sealed class PublicSurfaceTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Core = typeof(Money).Assembly;

    private static readonly string[] Namespaces = ["SaasBilling", "SaasBilling.Outreach", "SaasBilling.Providers", "SaasBilling.Storage"];

    [Fact]
    public void The_core_refers_to_nothing_but_the_framework_and_the_hosting_abstractions()
    {
        var others = Core.GetReferencedAssemblies().Select(reference => reference.Name!).Where(name => !IsAllowed(name)).Order(StringComparer.Ordinal);

        Assert.Equal([], others);
    }

    [Fact]
    public void No_public_signature_names_a_type_of_a_third_party()
    {
        var exposed = Core.GetExportedTypes()
            .SelectMany(type => Signatures(type).Select(used => (type, used)))
            .Where(pair => !IsAllowed(pair.used.Assembly.GetName().Name!) && pair.used.Assembly != Core)
            .Select(pair => $"{pair.type} exposes {pair.used}");

        Assert.Equal([], exposed);
    }

    [Fact]
    public void No_public_signature_has_a_local_time_or_a_floating_point_number()
    {
        Type[] banned = [typeof(DateTime), typeof(float), typeof(double)];
        var exposed = Core.GetExportedTypes()
            .SelectMany(type => Signatures(type).Where(banned.Contains).Select(used => $"{type} exposes {used}"));

        Assert.Equal([], exposed);
    }

    [Fact]
    public void Public_types_lie_in_the_namespaces_of_applications_and_of_extension_authors()
    {
        var elsewhere = Core.GetExportedTypes()
            .Where(type => !Namespaces.Contains(type.Namespace, StringComparer.Ordinal) && ExtensionMethods(type).Count == 0)
            .Select(type => type.FullName);

        Assert.Equal([], elsewhere);
    }

    [Fact]
    public void Extension_methods_lie_in_the_namespace_of_what_they_extend()
    {
        var elsewhere = Core.GetExportedTypes()
            .SelectMany(ExtensionMethods)
            .Where(method => method.GetParameters()[0].ParameterType.Namespace != method.DeclaringType!.Namespace)
            .Select(method => $"{method.DeclaringType}.{method.Name} extends {method.GetParameters()[0].ParameterType}");

        Assert.Equal([], elsewhere);
    }

    [Fact]
    public void Public_classes_are_sealed_but_for_those_made_to_be_derived_from()
    {
        var open = Core.GetExportedTypes()
            .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false })
            .Select(type => type.Name)
            .Order(StringComparer.Ordinal);

        Assert.Equal([nameof(BillingException), nameof(SubscribeOptions)], open);
    }

    [Fact]
    public void Asynchronous_methods_say_so_and_take_a_token_last()
    {
        var faults = AsynchronousMethods()
            .Where(method => !method.Name.EndsWith("Async", StringComparison.Ordinal)
                || method.GetParameters().LastOrDefault() is not { Name: "cancellationToken" } token
                || token.ParameterType != typeof(CancellationToken))
            .Select(method => $"{method.DeclaringType}.{method.Name}");

        Assert.Equal([], faults);
    }

    /// <summary>An application may leave the token out; an author of a provider, a store or a hook must not forget to pass it on.</summary>
    [Fact]
    public void Tokens_are_optional_where_applications_call_and_required_where_authors_implement()
    {
        var faults = AsynchronousMethods()
            .Where(method => method.GetParameters()[^1].HasDefaultValue == IsImplementedByOthers(method.DeclaringType!))
            .Select(method => $"{method.DeclaringType}.{method.Name}");

        Assert.Equal([], faults);

        static bool IsImplementedByOthers(Type type) =>
            type.Namespace != "SaasBilling" || type.Name.StartsWith("ILifecycle", StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_no_static_state_that_can_change()
    {
        var fields = Core.GetTypes()
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute)))
            .SelectMany(type => type.GetFields(Declared))
            .Where(field => field is { IsStatic: true, IsInitOnly: false, IsLiteral: false } && !field.Name.Contains('<', StringComparison.Ordinal))
            .Select(field => $"{field.DeclaringType}.{field.Name}");

        Assert.Equal([], fields);
    }

    private static bool IsAllowed(string assembly) =>
        assembly is "System.Private.CoreLib" or "netstandard" or "Microsoft.Extensions.Options"
        || assembly.StartsWith("System.", StringComparison.Ordinal)
        || (assembly.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) && assembly.EndsWith(".Abstractions", StringComparison.Ordinal));

    private static List<MethodInfo> ExtensionMethods(Type type) =>
        [.. type.GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.IsDefined(typeof(ExtensionAttribute), inherit: false))];

    private static IEnumerable<MethodInfo> AsynchronousMethods() => Core.GetExportedTypes()
        .SelectMany(type => type.GetMethods(Declared).Where(method => method.IsPublic && !method.Name.Contains('<', StringComparison.Ordinal)))
        .Where(method => typeof(Task).IsAssignableFrom(method.ReturnType)
            || method.ReturnType == typeof(ValueTask)
            || (method.ReturnType is { IsGenericType: true } generic && (generic.GetGenericTypeDefinition() == typeof(ValueTask<>) || generic.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>))))
        .Where(method => method.GetBaseDefinition() == method && method.Name != nameof(IAsyncDisposable.DisposeAsync));

    private static IEnumerable<Type> Signatures(Type type)
    {
        var bases = type.GetInterfaces().Append(type.BaseType);
        var ofMembers = type.GetMembers(Declared).SelectMany<MemberInfo, Type?>(member => member switch
        {
            FieldInfo field when field.IsPublic || field.IsFamily => [field.FieldType],
            MethodBase method when method.IsPublic || method.IsFamily =>
                [.. method.GetParameters().Select(parameter => parameter.ParameterType), (method as MethodInfo)?.ReturnType, .. method.IsGenericMethod ? method.GetGenericArguments().SelectMany(argument => argument.GetGenericParameterConstraints()) : []],
            _ => [],
        });
        return bases.Concat(ofMembers).OfType<Type>().SelectMany(Parts).Distinct();
    }

    private static IEnumerable<Type> Parts(Type type) => type switch
    {
        { HasElementType: true } => Parts(type.GetElementType()!),
        { IsGenericParameter: true } => [],
        { IsGenericType: true } => [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)],
        _ => [type],
    };
}
