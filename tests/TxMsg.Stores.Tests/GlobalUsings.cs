global using FluentAssertions;
global using NUnit.Framework;
global using TxMsg.Stores.Tests.Harness;
