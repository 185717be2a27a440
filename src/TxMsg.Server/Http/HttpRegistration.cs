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
            // No bytes have no type, whatever clients name for them: routing would refuse a verdict for it.
            if (context.Request.ContentLength == 0) context.Request.ContentType = null;
            return next(context);
        });
        app.UseMiddleware<ErrorAnswers>();
        app.UseRouting();
    }
}
