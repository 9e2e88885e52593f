using System.Globalization;
using System.Runtime.InteropServices;

namespace SaasBilling.Faults.Instances;

/// <summary>Signals to processes, by their ids.</summary>
internal static partial class Signals
{
    public const int Kill = 9;
    public const int Continue = 18;
    public const int Stop = 19;

    public static void Send(int processId, int signal) => _ = SendSignal(processId, signal);

    /// <summary>The processes that a process has started.</summary>
    public static List<int> ChildrenOf(int processId)
    {
        var children = new List<int>();
        foreach (var folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                continue;
            try
            {
                // "pid (name) state parent ...", where the name may hold anything.
                var stat = File.ReadAllText(Path.Combine(folder, "stat"));
                if (stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1] == processId.ToString(CultureInfo.InvariantCulture))
                    children.Add(id);
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return children;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);
}
