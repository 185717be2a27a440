using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FluentAssertions;
using NUnit.Framework;

namespace TxMsg.Server.Tests.Hosting;

/// <summary>What goes wrong only when it is tried is told in one line, too, and names the setting.</summary>
public sealed class StartFailureTests
{
    private TestFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TestFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task HttpsWithoutACertificate_NamesTheKeysThatWouldGiveOne()
    {
        var line = await FailAsync("--Urls=https://127.0.0.1:0");

        Assume.That(line, Is.Not.EqualTo("It started."), "This machine has a development certificate.");
        line.Should().StartWith("TxMsg cannot start: An https address of Urls or Kestrel:Endpoints has no certificate; Kestrel:Certificates:Default:Path names one for all");
    }

    [TestCase("Kestrel:Endpoints:Https:Certificate", "--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0")]
    [TestCase("Kestrel:Certificates:Default", "--Urls=https://127.0.0.1:0")]
    public async Task ACertificateWithAWrongPassword_IsNamedByItsKey(string section, string address)
    {
        var path = await WriteCertificateAsync("the right one");

        var line = await FailAsync(address, $"--{section}:Path={path}", $"--{section}:Password=hunter2");

        line.Should().StartWith($"TxMsg cannot start: {section}:Path or {section}:Password is wrong: the certificate cannot be read. ").And.NotContain("hunter2");
        (await FailAsync(address, $"--{section}:Path={path}", $"--{section}:Password=the right one")).Should().Be("It started.");
    }

    [Test]
    public async Task AFileThatIsNoCertificate_IsNamedByItsKey()
    {
        var path = Path.Combine(folder.Path, "server.pfx");
        await File.WriteAllTextAsync(path, "This is no certificate.");

        (await FailAsync("--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0", "--Kestrel:Endpoints:Https:Certificate:Path=" + path))
            .Should().StartWith("TxMsg cannot start: Kestrel:Endpoints:Https:Certificate:Path or Kestrel:Endpoints:Https:Certificate:Password is wrong: ");
    }

    [Test]
    public async Task ACertificateAndItsKeyInTwoFiles_AreTaken()
    {
        using var certificate = Certificate();
        var (path, keyPath) = (Path.Combine(folder.Path, "server.crt"), Path.Combine(folder.Path, "server.key"));
        await File.WriteAllTextAsync(path, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(keyPath, certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());

        (await FailAsync("--Urls=https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path=" + path, "--Kestrel:Certificates:Default:KeyPath=" + keyPath)).Should().Be("It started.");
        (await FailAsync("--Urls=https://127.0.0.1:0", "--Kestrel:Certificates:Default:Path=" + path, "--Kestrel:Certificates:Default:KeyPath=/nowhere/server.key"))
            .Should().StartWith("TxMsg cannot start: Kestrel:Certificates:Default:KeyPath cannot be read: ");
    }

    [Test]
    public async Task ADatabaseThatCannotBeWritten_IsNamedWithItsSetting()
    {
        (await FailAsync()).Should().Be("It started.");

        (await FailAsync($"--TxMsg:Store:ConnectionString=Data Source={folder.Database};Mode=ReadOnly"))
            .Should().StartWith($"TxMsg cannot start: The database {folder.Database} of TxMsg:Store:ConnectionString cannot be written: ");
    }

    [Test]
    public async Task ADamagedDatabase_IsNamedInSentencesThatEndOnce()
    {
        await File.WriteAllTextAsync(folder.Database, new string('x', 4096));

        (await FailAsync()).Should().Contain($"The database {folder.Database} is damaged: ").And.Contain("not a database'. Restore it from a backup").And.NotContain("..");
    }

    private async Task<string> FailAsync(params string[] args)
    {
        var line = await RunningServer.FailAsync(folder, args);
        line.Should().NotContain("\n");
        return line;
    }

    private async Task<string> WriteCertificateAsync(string password)
    {
        using var certificate = Certificate();
        var path = Path.Combine(folder.Path, "server.pfx");
        await File.WriteAllBytesAsync(path, certificate.Export(X509ContentType.Pkcs12, password));
        return path;
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        return new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
