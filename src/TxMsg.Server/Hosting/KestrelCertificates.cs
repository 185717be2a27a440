using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using TxMsg.Server.Hosting.Configuration;

namespace TxMsg.Server.Hosting;

/// <summary>Reads the certificates that the section <c>Kestrel</c> names before the server does: it would not say which of them is wrong.
/// What is right here may still be refused there; nothing is refused here that would be taken there.</summary>
internal sealed class KestrelCertificates(IConfiguration configuration, IHostEnvironment environment) : IValidateOptions<ForeignConfiguration>
{
    public ValidateOptionsResult Validate(string? name, ForeignConfiguration options)
    {
        var failures = CertificatesBelow(configuration.GetSection("Kestrel")).Select(Wrong).OfType<string>().ToArray();
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    // Kestrel:Certificates:Default, Kestrel:Endpoints:{name}:Certificate, Kestrel:Endpoints:{name}:Sni:{host}:Certificate.
    private static IEnumerable<IConfigurationSection> CertificatesBelow(IConfigurationSection section) => section.GetChildren()
        .SelectMany(child => string.IsNullOrEmpty(child["Path"]) ? CertificatesBelow(child) : [child]);

    private string? Wrong(IConfigurationSection certificate)
    {
        var keyPath = certificate["KeyPath"];
        var unreadable = Unreadable(certificate.GetSection("Path")) ?? (keyPath is null ? null : Unreadable(certificate.GetSection("KeyPath")));
        // A key in a file of its own is checked against the certificate when the server listens.
        return unreadable is null && keyPath is null ? Unusable(certificate) : unreadable;
    }

    private string? Unreadable(IConfigurationSection file)
    {
        try
        {
            File.OpenHandle(PathOf(file)).Dispose();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return $"{file.Path} cannot be read: {exception.Message}";
        }
    }

    private string? Unusable(IConfigurationSection certificate)
    {
        var path = PathOf(certificate.GetSection("Path"));
        try
        {
            if (X509Certificate2.GetCertContentType(path) == X509ContentType.Pkcs12) X509CertificateLoader.LoadPkcs12FromFile(path, certificate["Password"]).Dispose();
            return null;
        }
        catch (CryptographicException exception)
        {
            return $"{certificate.Path}:Path or {certificate.Path}:Password is wrong: the certificate cannot be read. {exception.Message}";
        }
    }

    private string PathOf(IConfigurationSection file) => Path.Combine(environment.ContentRootPath, file.Value!);
}
