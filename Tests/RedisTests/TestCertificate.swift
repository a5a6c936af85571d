/// A certificate for localhost and 127.0.0.1 and its key, made with openssl for these tests and for nothing else.
enum TestCertificate {
    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmzCCAUGgAwIBAgIUM3KfByQe4GFdYc2Ix6p6jiKPfYUwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNjIxMTYyMFoYDzIxMjYxMTAy
        MjExNjIwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAQk9KuUgY/4CYYIEG+S/7dHiTWySX81ARy4kL17JAVKLTQXNzqdpTMx
        TVtL5Z2orykbPKgolNyXKtbWZB4BkCsho28wbTAdBgNVHQ4EFgQU/hIxp8zEoXKB
        sji2gY/pXWVt4pUwHwYDVR0jBBgwFoAU/hIxp8zEoXKBsji2gY/pXWVt4pUwDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDSAAwRQIga4ZTk1/Qrc0TKYGunGt/gH//DL4mtMTWBjnmqLT8JAMCIQDV
        Ba+9x7hGkL34wnbZePoWUgEwYDmNFH1+WGExP3SrMg==
        -----END CERTIFICATE-----
        """

    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgJ92izeP55tHiHP9d
        OnhKbDD/P9IbafpkF0zgKgmpc+KhRANCAAQk9KuUgY/4CYYIEG+S/7dHiTWySX81
        ARy4kL17JAVKLTQXNzqdpTMxTVtL5Z2orykbPKgolNyXKtbWZB4BkCsh
        -----END PRIVATE KEY-----
        """
}
