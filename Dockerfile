# Build: docker build -t txmsg .
# Run:   docker run -p 5080:5080 -v txmsg:/data -e TxMsg__Access__AdminKey=... txmsg
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# The project files first: packages are restored again only when these change.
COPY Directory.Build.props Directory.Packages.props ./
COPY src/TxMsg.Contracts/TxMsg.Contracts.csproj src/TxMsg.Contracts/
COPY src/TxMsg.Server/TxMsg.Server.csproj src/TxMsg.Server/
RUN dotnet restore src/TxMsg.Server

COPY appsettings.json ./
COPY sql sql
COPY src/TxMsg.Contracts src/TxMsg.Contracts
COPY src/TxMsg.Server src/TxMsg.Server
RUN dotnet publish src/TxMsg.Server --no-restore -c Release -o /app
# Made here, because a fresh volume takes over who owns the folder of the image.
RUN mkdir /data

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app ./
# 1654 is the base image's APP_UID.
COPY --from=build --chown=1654:1654 /data /data

# Loopback is of no use inside a container, so keys are required: without TxMsg__Access__AdminKey it does not start.
# ASPNETCORE_HTTP_PORTS is the base image's; Urls is what counts.
ENV ASPNETCORE_HTTP_PORTS= \
    Urls=http://0.0.0.0:5080 \
    TxMsg__Access__Mode=ApiKeys \
    TxMsg__Store__ConnectionString="Data Source=/data/txmsg.db"
EXPOSE 5080
VOLUME /data
USER $APP_UID

# The image has neither curl nor wget; bash can open a connection by itself.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/5080 && printf 'GET /health/ready HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]

STOPSIGNAL SIGTERM
ENTRYPOINT ["dotnet", "TxMsg.Server.dll"]
