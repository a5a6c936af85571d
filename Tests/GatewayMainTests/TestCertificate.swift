/// A certificate for localhost and its key, made with openssl for these tests and for nothing else.
enum TestCertificate {
    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBgDCCASWgAwIBAgIUcbhirPtjS6/+zEvW2raw4lyEficwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNjE4MTM0OVoYDzIxMjYxMTAy
        MTgxMzQ5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAR3NdpiHFvRIJSxAKUD08ksYHU+Uf8qAM+YHQVFqNIeviYwsxc5FKsB
        SI0qyBHJ0PSQ5cxhjFKMBtevFVqnKEzwo1MwUTAdBgNVHQ4EFgQUl3Ij3gXf4Y19
        LZQ0/IP3GtKl0h4wHwYDVR0jBBgwFoAUl3Ij3gXf4Y19LZQ0/IP3GtKl0h4wDwYD
        VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEA6yjkedVhNmKn+q7vJ9mB
        BJPbqlqTGTHl/Cua6LI/JeECIQCIf/CJRCbXR7sfXy0mqSQf6EilC+mp6NFTLBwW
        oks0Qw==
        -----END CERTIFICATE-----
        """

    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgxhCkOlQSmqq4uAus
        lhX4UHKlIOdPUEcpmFkMHAxKsbyhRANCAAR3NdpiHFvRIJSxAKUD08ksYHU+Uf8q
        AM+YHQVFqNIeviYwsxc5FKsBSI0qyBHJ0PSQ5cxhjFKMBtevFVqnKEzw
        -----END PRIVATE KEY-----
        """

    /// Both, by name.
    static let files = ["certificate.pem": certificate, "key.pem": key]
}
