using Npgsql;
using NpgsqlTypes;
using SaasBilling.Conformance.Storage;
using SaasBilling.EntityFrameworkCore.Model;
using SaasBilling.EntityFrameworkCore.Postgres;

namespace SaasBilling.EntityFrameworkCore.Tests.Storage;

public sealed class InstantParameterTests
{
    /// <summary>
    /// With <c>Npgsql.EnableLegacyTimestampBehavior</c>, which holds for a whole process, a <see cref="DateTime"/> is sent without a time zone, and read
    /// in that of the session.
    /// </summary>
    [Fact]
    public void An_instant_is_sent_as_one_whatever_an_application_asked_of_Npgsql()
    {
        using var command = new NpgsqlCommand();

        PostgresStatements.Add(command, "now", (UtcInstant)Given.Start);

        Assert.IsType<DateTimeOffset>(command.Parameters["now"].Value);
        Assert.Equal(NpgsqlDbType.TimestampTz, command.Parameters["now"].NpgsqlDbType);
    }
}
