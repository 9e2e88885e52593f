using System.Reflection;
using System.Runtime.ExceptionServices;

namespace SaasBilling.Tests.ModelBased;

/// <summary>Stands before the store or the provider, counts the calls that are waited for, and lets one of them fail: before it, or after it was done.</summary>
/// <typeparam name="T">The interface.</typeparam>
public class FailingProxy<T> : DispatchProxy
    where T : class
{
    private object? _inner;
    private Fuse? _fuse;

    internal void StandBefore(object inner, Fuse fuse) => (_inner, _fuse) = (inner, fuse);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var method = targetMethod!;
        if (!_fuse!.IsArmed || !typeof(Task).IsAssignableFrom(method.ReturnType))
            return Call(method, args);

        if (_fuse.Blows(method.Name, isAfter: false) is { } before)
            return Failed(method, before);

        var answer = (Task)Call(method, args)!;
        return _fuse.Blows(method.Name, isAfter: true) is { } after ? Failed(method, after) : answer;
    }

    private object? Call(MethodInfo method, object?[]? args)
    {
        try
        {
            return method.Invoke(_inner, args);
        }
        catch (TargetInvocationException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
            throw;
        }
    }

    private static object Failed(MethodInfo method, Exception exception) =>
        typeof(Task).GetMethods().Single(candidate => candidate is { Name: nameof(Task.FromException), IsGenericMethod: true })
            .MakeGenericMethod(method.ReturnType.GetGenericArguments()[0])
            .Invoke(null, [exception])!;
}

/// <summary>Makes them.</summary>
internal static class FailingProxy
{
    public static T Of<T>(object inner, Fuse fuse)
        where T : class
    {
        var made = DispatchProxy.Create<T, FailingProxy<T>>();
        ((FailingProxy<T>)(object)made).StandBefore(inner, fuse);
        return made;
    }
}
