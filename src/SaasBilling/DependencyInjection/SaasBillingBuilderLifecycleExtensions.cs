using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SaasBilling.Lifecycle;

namespace SaasBilling;

public static partial class SaasBillingBuilderExtensions
{
    extension(ISaasBillingBuilder builder)
    {
        /// <summary>
        /// Adds a hook for every <see cref="ILifecycleHook{TEvent}"/> that the class implements. It is made anew in a scope of its own for each delivery,
        /// unless the application registers the class itself. Adding it twice adds it once.
        /// </summary>
        /// <typeparam name="THook">
        /// The hook. Its full name is its key in jobs: deliveries that wait while an application is updated reach the class of the same name.
        /// </typeparam>
        /// <returns>The builder.</returns>
        /// <exception cref="ArgumentException">The class implements no <see cref="ILifecycleHook{TEvent}"/>.</exception>
        public ISaasBillingBuilder AddHook<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.Interfaces | DynamicallyAccessedMemberTypes.PublicConstructors)] THook>()
            where THook : class
        {
            ArgumentNullException.ThrowIfNull(builder);
            LifecycleDeclarations.In(builder.Services).Add(ClassHook<THook>.Create(typeof(THook)));
            if (!typeof(THook).IsAbstract)
                builder.Services.TryAddScoped<THook>();
            return builder;
        }

        /// <summary>Adds a hook without a class of its own. Its key in jobs is its place among the delegates of its event; give it a name if that may change while deliveries wait.</summary>
        /// <typeparam name="TEvent">The event; <see cref="BillingEvent"/> and <see cref="SubscriptionEvent"/> take all of theirs.</typeparam>
        /// <param name="hook">Handles the event; gets the services of a scope of its own. An exception has it tried again later.</param>
        /// <returns>The builder.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="hook"/> is null.</exception>
        public ISaasBillingBuilder AddHook<TEvent>(Func<TEvent, IServiceProvider, CancellationToken, Task> hook)
            where TEvent : BillingEvent
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentNullException.ThrowIfNull(hook);
            LifecycleDeclarations.In(builder.Services).Add(hook);
            return builder;
        }

        /// <summary>Adds a hook without a class of its own, under a name.</summary>
        /// <typeparam name="TEvent">The event; <see cref="BillingEvent"/> and <see cref="SubscriptionEvent"/> take all of theirs.</typeparam>
        /// <param name="name">Its key in jobs: deliveries that wait while an application is updated reach the hook of the same name.</param>
        /// <param name="hook">Handles the event; gets the services of a scope of its own. An exception has it tried again later.</param>
        /// <returns>The builder.</returns>
        /// <exception cref="ArgumentException">The name is blank, or another hook has it.</exception>
        public ISaasBillingBuilder AddHook<TEvent>(string name, Func<TEvent, IServiceProvider, CancellationToken, Task> hook)
            where TEvent : BillingEvent
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentException.ThrowIfNullOrWhiteSpace(name);
            ArgumentNullException.ThrowIfNull(hook);
            LifecycleDeclarations.In(builder.Services).Add(name, hook);
            return builder;
        }

        /// <summary>
        /// Adds a guard for every <see cref="ILifecycleGuard{TCommand}"/> that the class implements. Guards are asked in the order in which they were
        /// added, up to the first that refuses. Adding one twice adds it once.
        /// </summary>
        /// <typeparam name="TGuard">The guard; made in a scope of its own for each command, unless the application registers the class itself.</typeparam>
        /// <returns>The builder.</returns>
        /// <exception cref="ArgumentException">The class implements no <see cref="ILifecycleGuard{TCommand}"/>.</exception>
        public ISaasBillingBuilder AddGuard<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.Interfaces | DynamicallyAccessedMemberTypes.PublicConstructors)] TGuard>()
            where TGuard : class
        {
            ArgumentNullException.ThrowIfNull(builder);
            LifecycleDeclarations.In(builder.Services).Add(ClassGuard<TGuard>.Create(typeof(TGuard)));
            if (!typeof(TGuard).IsAbstract)
                builder.Services.TryAddScoped<TGuard>();
            return builder;
        }

        /// <summary>Adds a guard without a class of its own.</summary>
        /// <typeparam name="TCommand">The command; <see cref="BillingCommand"/> takes all of them.</typeparam>
        /// <param name="guard">Allows or refuses; gets the services of a scope of its own.</param>
        /// <returns>The builder.</returns>
        /// <exception cref="ArgumentNullException"><paramref name="guard"/> is null.</exception>
        public ISaasBillingBuilder AddGuard<TCommand>(Func<TCommand, IServiceProvider, CancellationToken, ValueTask<GuardResult>> guard)
            where TCommand : BillingCommand
        {
            ArgumentNullException.ThrowIfNull(builder);
            ArgumentNullException.ThrowIfNull(guard);
            LifecycleDeclarations.In(builder.Services).Add(new DelegateGuard<TCommand>(guard));
            return builder;
        }
    }
}
