namespace TxMsg.Samples.Shop.Tests;

public sealed class ShopOptionsTests
{
    [TestCase("--orders needs a value.", "--orders")]
    [TestCase("--orders takes a number from 1 to 1000000.", "--orders", "0")]
    [TestCase("--chaos takes a number", "--chaos", "x")]
    [TestCase("'--order' is not an option.", "--order")]
    [TestCase("reconcile takes --data FOLDER", "reconcile")]
    [TestCase("A role is one of orders, stock, budget, points.", "role", "shelf")]
    public void Parse_OfAWrongCommandLine_SaysWhatIsWrong(string problem, params string[] args)
    {
        ShopOptions.Parse(args).Problem.Should().Contain(problem);
    }

    [Test]
    public void Parse_OfChaosWithoutOrders_PlacesAThousand() =>
        ShopOptions.Parse(["--chaos", "42"]).Options.Should().BeEquivalentTo(new { Command = ShopCommand.Load, Orders = 1_000, ChaosSeed = 42 });

    [Test]
    public async Task A_wrong_command_line_exits_2_and_help_exits_0()
    {
        (await ShopRun.OfAsync("--colour")).ExitCode.Should().Be(2);
        var help = await ShopRun.OfAsync("--help");
        help.ExitCode.Should().Be(0);
        help.Output.Should().Contain("--chaos SEED");
    }
}
