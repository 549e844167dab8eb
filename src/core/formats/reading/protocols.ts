const PROTOCOL =
  /\b(?:HTTPS?|mTLS|TLS|gRPC|REST|GraphQL|WSS?|WebSockets?|SSH|SFTP|FTPS?|SCP|AMQPS?|MQTTS?|Kafka|JDBC|ODBC|SQL|LDAPS?|SMTPS?|IMAPS?|DNS|NFS|SMB|TCP|UDP|QUIC|WireGuard|IPsec|OIDC|OAuth2?|SAML|S3 API|SQS|SNS|Pub\/Sub)\b/i;

/** The first protocol that words about a flow name, as written. */
export function protocolIn(words: string): string | undefined {
  return PROTOCOL.exec(words.slice(0, 500))?.[0];
}
