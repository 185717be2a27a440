using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace TxMsg.Server.Access.KeyRing;

/// <summary>The key ring as files of a folder that only this user may read. ASP.NET Core's own repository does not flush: after
/// a power cut the secrets in the store would be there, and the key that they were encrypted with would not.</summary>
internal sealed class FolderKeyRing(string folder) : IXmlRepository
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public IReadOnlyCollection<XElement> GetAllElements() => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*.xml").Order(StringComparer.Ordinal).Select(path => XElement.Load(path))]
        : [];

    public void StoreElement(XElement element, string friendlyName)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        var path = Path.Combine(folder, NameOf(friendlyName) + ".xml");
        var unfinished = path + ".new";
        using (var file = new FileStream(unfinished, Options(FileMode.Create)))
        {
            element.Save(file);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
        // Flushed once more under its name: the file systems that matter write the renaming with it.
        using var renamed = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        renamed.Flush(flushToDisk: true);
    }

    private static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return options;
    }

    private static string NameOf(string? friendlyName) =>
        friendlyName is not null && friendlyName.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_') ? friendlyName : Guid.NewGuid().ToString();
}
