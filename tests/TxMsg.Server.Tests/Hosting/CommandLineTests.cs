using FluentAssertions;
using NUnit.Framework;
using TxMsg.Server.Hosting;

namespace TxMsg.Server.Tests.Hosting;

public sealed class CommandLineTests
{
    private const string Advice = " The command line has --Key value or --Key=value; --help shows the keys.";

    [TestCase("'stray' is no key.", "stray")]
    [TestCase("'-p' is no key. '5711' is no key.", "-p", "5711")]
    [TestCase("'-p' is no key.", "-p=5711")]
    [TestCase("'/Urls' is no key.", "/Urls=http://127.0.0.1:0")]
    [TestCase("'Urls' is no key.", "Urls=http://127.0.0.1:0")]
    [TestCase("'--Url' is not a known key. '--Foo' is not a known key.", "--Url", "http://127.0.0.1:0", "--Foo", "bar")]
    [TestCase("'--TxMsg__Store__Provider' is not a known key.", "--TxMsg__Store__Provider=Sqlite")]
    [TestCase("'--' is not a known key.", "--", "--Urls", "http://127.0.0.1:0")]
    [TestCase("'--Urls' has no value.", "--TxMsg:Nodes:Name=one", "--Urls")]
    [TestCase("'--Urls' has no value.", "--Urls", "--TxMsg:Nodes:Name", "one")]
    public async Task AWordThatNobodyReads_IsNamed(string expected, params string[] args)
    {
        using var folder = new TestFolder();

        (await RunningServer.FailAsync(folder, args)).Should().Be("TxMsg cannot start: " + expected + Advice);
    }

    [Test]
    public async Task AValueOfAnUnknownKey_IsNotRepeated()
    {
        using var folder = new TestFolder();

        (await RunningServer.FailAsync(folder, "--AdminKey=hunter2hunter2")).Should().Contain("--AdminKey").And.NotContain("hunter2");
    }

    [TestCase("--Urls", "http://127.0.0.1:0")]
    [TestCase("--urls=http://127.0.0.1:0")]
    [TestCase("--TxMsg:Nodes:Name", "--one")]
    [TestCase("--TxMsg:Nodes:Name=a=b")]
    [TestCase("--Kestrel:Endpoints:Here:Url=http://127.0.0.1:0")]
    [TestCase("--Logging:Console:LogLevel:Default", "None")]
    [TestCase("--OTEL_SERVICE_NAME", "txmsg-1")]
    [TestCase("--environment=Development", "--contentRoot=/srv", "--applicationName=TxMsg.Server", Description = "as test hosts start it")]
    public void WhatIsRead_Passes(params string[] args) => FluentActions.Invoking(() => CommandLine.Check(args)).Should().NotThrow();
}
