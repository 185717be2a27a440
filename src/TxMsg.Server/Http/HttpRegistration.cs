namespace TxMsg.Server.Http;

/// <summary>What holds for every answer.</summary>
public static class HttpRegistration
{
    /// <summary>Answers errors as problems and adds the headers for browsers; comes before everything else.</summary>
    public static void UseAnswers(this IApplicationBuilder app)
    {
        app.Use((context, next) =>
        {
            PageHeaders.Add(context);
            return next(context);
        });
        app.UseMiddleware<ErrorAnswers>();
    }
}
