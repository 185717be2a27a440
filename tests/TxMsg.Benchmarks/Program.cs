Console.WriteLine("TxMsg benchmarks");
