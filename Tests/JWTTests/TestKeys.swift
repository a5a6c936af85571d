/// Keys made with openssl for these tests and for nothing else.
enum TestKeys {
    /// A private key of 2048 bits (PKCS #8).
    static let rsa = """
        -----BEGIN PRIVATE KEY-----
        MIIEuwIBADANBgkqhkiG9w0BAQEFAASCBKUwggShAgEAAoIBAQDJEVr/Yk8JGjV7
        eThHAtIaJ0e8U2qXtyvY+gT8ExIX1ofLUcZYCjqDL9pNwJOm5PRe5+h1oC0nfhAh
        EXujawFuMlUnsx4ZPR0it87WM7aoO/aD8Uzw6u39Q3RG0gTLvVH8zK+LAV4hx08T
        LaYvlfgBs6zXzIHr5SCMTak71nfK5s0+UBY1Ymh//gbAN0DJ8SGSU1Mkxd7F8+o8
        dQWPUpLFbG/JlNKbrprGhUzbmeArmpusIoFam7BgpgcuZ6h1IHF3r7lDcYuNm0L5
        NfP5dEKFNLiNtma3KhOpRFjP+GTjpMbm7rWfIc0O8UZzZSl0lzgSZiNuUoW4sRy/
        xQ9OLbKvAgMBAAECgf8XD8vY1/l7Y7FGX6BQEza0K+7Lng/ud6d2LNYvGN0wsnwR
        PCac4tlpwlcqmdY4cxfPI6+8Pg1ZApbOaY30EIg0KeqK1pSVgwPexWkailvZURiL
        IRSvo/Tpq+RIP+F4sLB0Z0jnqIg/sGKbJlTLxU0EusNqRWnM6ybgj+yweOaqGCg0
        L0/4Bp7CvPXLBhB/zF6etwOaQsrLSBq9Hn/zCH5sjrsRDm5e8d9jfKIBNWiyKg5O
        o1IqnM9/QYRhJCUWE5dMBH+A6ZVSd2FhApLwVqjgHSLxpLED6Q4PPU8ZBfSId7B/
        zMoSnXlubrvS3aLiM36gH7E4ZS5SlkogR77eHV0CgYEA6bwsnyOJxEjlmAP9esJm
        uT1TpR1NBWjfKWEUYwtBD0jUwqF825NppJHpDx0eCc4r2qMGue7zjHkUG/agqJ70
        T3dElIBa+gJ3EDi2mOVhRkliCjxn4yEabrhBm2bCxDMeRC4ZljUrnWPTgI3dlJfW
        jOiU2hIabDv5oZOHYzOfmU0CgYEA3DiQA01huvfFZ/ZOQODkQgPMo4gWhxvpvUcU
        ZgYvyaXdplA7+MeZHYQ2xDFCqgwq1irQ2wmJ4jGXK3m4SlRgnXYwHSUyNf02PgIK
        BprNzlzybBDdrppxDmGAVh1AcF21IC0qlO34zghomM0q7B4hndvO3LVwprCtlcxX
        E0pnXesCgYEAu0rpKqAMjfen2ncgD9VlAPxuYTmodTRC1mKPNopXGMtQiaFjboOi
        PJga+9xmLI9Dvs+x3R3nlOGUxo+Kz3OH64Fzt9dej0WYaKw5TS1JFExLPk6HJI5r
        ItuM3tyqJxObJiEWqbFzgIv0d+e17ZL5/jGEzXWCLMamUt3nuAsu0WUCgYBncuKj
        ynv4WmAPQDLuYzaWlDZTM6Bxg3k/gt5gNtPIA/SlJdemPAz/QpZ/fyxzuRd+V8qY
        ulhdOzJqJ9mcgRqJnXVom4qEthf+9PJEu/+lyx/OB/Y7CS3GtaKV0VPt9Pca0FzK
        bSeNkYGhFe/tzxG3mAQKxejPRPul/MGCvFbmVQKBgBSi4z7snGvHMDged18iCvyj
        kXCVIJuWyi9yxOgjc3hQwBhv6SxzrtvuUf9iiR3Y2KEMUnyW7xCF8U3qxhdZCcU1
        qUaVdTsPPjQBlEkWDVwfOC1BUMK+GCcipSqwKKWRaHvJ4sTSDRKpOqaNOE6pQzGx
        bOBxu23GVYs2jVmYr14W
        -----END PRIVATE KEY-----
        """

    /// The same in its old form (PKCS #1).
    static let rsaTraditional = """
        -----BEGIN RSA PRIVATE KEY-----
        MIIEoQIBAAKCAQEAyRFa/2JPCRo1e3k4RwLSGidHvFNql7cr2PoE/BMSF9aHy1HG
        WAo6gy/aTcCTpuT0XufodaAtJ34QIRF7o2sBbjJVJ7MeGT0dIrfO1jO2qDv2g/FM
        8Ort/UN0RtIEy71R/MyviwFeIcdPEy2mL5X4AbOs18yB6+UgjE2pO9Z3yubNPlAW
        NWJof/4GwDdAyfEhklNTJMXexfPqPHUFj1KSxWxvyZTSm66axoVM25ngK5qbrCKB
        WpuwYKYHLmeodSBxd6+5Q3GLjZtC+TXz+XRChTS4jbZmtyoTqURYz/hk46TG5u61
        nyHNDvFGc2UpdJc4EmYjblKFuLEcv8UPTi2yrwIDAQABAoH/Fw/L2Nf5e2OxRl+g
        UBM2tCvuy54P7nendizWLxjdMLJ8ETwmnOLZacJXKpnWOHMXzyOvvD4NWQKWzmmN
        9BCINCnqitaUlYMD3sVpGopb2VEYiyEUr6P06avkSD/heLCwdGdI56iIP7BimyZU
        y8VNBLrDakVpzOsm4I/ssHjmqhgoNC9P+Aaewrz1ywYQf8xenrcDmkLKy0gavR5/
        8wh+bI67EQ5uXvHfY3yiATVosioOTqNSKpzPf0GEYSQlFhOXTAR/gOmVUndhYQKS
        8Fao4B0i8aSxA+kODz1PGQX0iHewf8zKEp15bm670t2i4jN+oB+xOGUuUpZKIEe+
        3h1dAoGBAOm8LJ8jicRI5ZgD/XrCZrk9U6UdTQVo3ylhFGMLQQ9I1MKhfNuTaaSR
        6Q8dHgnOK9qjBrnu84x5FBv2oKie9E93RJSAWvoCdxA4tpjlYUZJYgo8Z+MhGm64
        QZtmwsQzHkQuGZY1K51j04CN3ZSX1ozolNoSGmw7+aGTh2Mzn5lNAoGBANw4kANN
        Ybr3xWf2TkDg5EIDzKOIFocb6b1HFGYGL8ml3aZQO/jHmR2ENsQxQqoMKtYq0NsJ
        ieIxlyt5uEpUYJ12MB0lMjX9Nj4CCgaazc5c8mwQ3a6acQ5hgFYdQHBdtSAtKpTt
        +M4IaJjNKuweIZ3bzty1cKawrZXMVxNKZ13rAoGBALtK6SqgDI33p9p3IA/VZQD8
        bmE5qHU0QtZijzaKVxjLUImhY26DojyYGvvcZiyPQ77Psd0d55ThlMaPis9zh+uB
        c7fXXo9FmGisOU0tSRRMSz5OhySOayLbjN7cqicTmyYhFqmxc4CL9Hfnte2S+f4x
        hM11gizGplLd57gLLtFlAoGAZ3Lio8p7+FpgD0Ay7mM2lpQ2UzOgcYN5P4LeYDbT
        yAP0pSXXpjwM/0KWf38sc7kXflfKmLpYXTsyaifZnIEaiZ11aJuKhLYX/vTyRLv/
        pcsfzgf2OwktxrWildFT7fT3GtBcym0njZGBoRXv7c8Rt5gECsXoz0T7pfzBgrxW
        5lUCgYAUouM+7JxrxzA4HndfIgr8o5FwlSCblsovcsToI3N4UMAYb+ksc67b7lH/
        Yokd2NihDFJ8lu8QhfFN6sYXWQnFNalGlXU7Dz40AZRJFg1cHzgtQVDCvhgnIqUq
        sCilkWh7yeLE0g0SqTqmjThOqUMxsWzgcbttxlWLNo1ZmK9eFg==
        -----END RSA PRIVATE KEY-----
        """

    /// Its public part in the old form.
    static let rsaPublicTraditional = """
        -----BEGIN RSA PUBLIC KEY-----
        MIIBCgKCAQEAyRFa/2JPCRo1e3k4RwLSGidHvFNql7cr2PoE/BMSF9aHy1HGWAo6
        gy/aTcCTpuT0XufodaAtJ34QIRF7o2sBbjJVJ7MeGT0dIrfO1jO2qDv2g/FM8Ort
        /UN0RtIEy71R/MyviwFeIcdPEy2mL5X4AbOs18yB6+UgjE2pO9Z3yubNPlAWNWJo
        f/4GwDdAyfEhklNTJMXexfPqPHUFj1KSxWxvyZTSm66axoVM25ngK5qbrCKBWpuw
        YKYHLmeodSBxd6+5Q3GLjZtC+TXz+XRChTS4jbZmtyoTqURYz/hk46TG5u61nyHN
        DvFGc2UpdJc4EmYjblKFuLEcv8UPTi2yrwIDAQAB
        -----END RSA PUBLIC KEY-----
        """

    /// A certificate of it.
    static let rsaCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIDATCCAemgAwIBAgIUZItss02nZnjpDelB5gCwCYlAvJUwDQYJKoZIhvcNAQEL
        BQAwDzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjIyMzM0MDVaGA8yMTI2MTAyOTIz
        MzQwNVowDzENMAsGA1UEAwwEdGVzdDCCASIwDQYJKoZIhvcNAQEBBQADggEPADCC
        AQoCggEBAMkRWv9iTwkaNXt5OEcC0honR7xTape3K9j6BPwTEhfWh8tRxlgKOoMv
        2k3Ak6bk9F7n6HWgLSd+ECERe6NrAW4yVSezHhk9HSK3ztYztqg79oPxTPDq7f1D
        dEbSBMu9UfzMr4sBXiHHTxMtpi+V+AGzrNfMgevlIIxNqTvWd8rmzT5QFjViaH/+
        BsA3QMnxIZJTUyTF3sXz6jx1BY9SksVsb8mU0puumsaFTNuZ4Cuam6wigVqbsGCm
        By5nqHUgcXevuUNxi42bQvk18/l0QoU0uI22ZrcqE6lEWM/4ZOOkxubutZ8hzQ7x
        RnNlKXSXOBJmI25ShbixHL/FD04tsq8CAwEAAaNTMFEwHQYDVR0OBBYEFAAcn3xO
        g+h4z5gbnUnYPHF+9DQXMB8GA1UdIwQYMBaAFAAcn3xOg+h4z5gbnUnYPHF+9DQX
        MA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADggEBADTUGiqXdNuRPfW/
        3h0in8wey/4C3+cdepY01yUPGSfOB7pUoubzapc1xFjr7B+O3A5jV1L3oDQZSm4y
        w6p6e7U4OLtEF8enk9/pNcwPQMazGdwUdf5Z6ifCk+OIQIfJyGLKt1zvHEFjOiYJ
        cCqutefwOYYDoOJf0GG275O3nLmlHwmyux7NWnULBDvPQzuDcjuS5GWhCQq23vrA
        l4z3G/sdFawW2EJEpgP7CxFZJAJYWpixhfOsQvwoQ9jyHMorKRsbzQk9A54zItHr
        ddEDR+5YzeXqAJ/OvyuPoCLC7DTH8FJZ/aGp+HZfImY0U+/WOvGri2b095wJpunl
        Eeb/Xw8=
        -----END CERTIFICATE-----
        """

    /// A private key of 1024 bits.
    static let weak = """
        -----BEGIN PRIVATE KEY-----
        MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBAMGAsS5vq71DUyrZ
        TN6vATFPbX5j08NtJ1W3+8qrB2J5wrHLBrJWmeRbKa7LVhYgo+C7xxdg95T099hV
        bKehpdy7YMmYAlibr3UJFvpJRVevOffr29B1uixuU4MmkxrY2oNGV9SHuGL+F2JX
        z+xeT8Psvi4G6jTJeQ4BTSnxn9ZFAgMBAAECgYEAjt24c6OJdjR1/CXyJlupksGl
        AvMrj5dQum4bnngF/MQPZnuS1ysvdjWEogSI689vj2a0yOMUCMuRDg2MKnwj23oT
        mgv5sBcEevxywBd8B7RpdFpssm/Q8WC+Vv+DGswBnUj8DZgJOr1U1rRcG9lvG/0Z
        zAakZi9bpKyJ8PnwGGUCQQDzi5xcjtw1bHQP8C8vWTZeU4lFnFNSh+XnpXRWXLYh
        A5rGvX9dY2CkFCD9lsK+rhCh1PD2mNw2eX8vNBt/KjMrAkEAy2Xx4Nw5ofbJSgwh
        exyJ8S4rdVykJJdTjwZZnRv5tq28DxLbReGtzF94uplo1BKzoqnUP3CHuIE6GEaE
        OTgkTwJAH9vKd30kp0RpplAYDAyShSJOWbHKYIhwda36GvYDySvMimTtjUzbrnsH
        mcSn8wOYH2NYphl27RVVotohIrBlgwJAduT3l86DreZZUXx30cQj6iRn6OmnVXBT
        usYmeg0RUjSKOnF2VYoPEuk35DOqsFTiRpJpbE/2NebsM6Z8wgnMRwJACQnct8XE
        JWRxDN/9MB3EQjqxjYAloUCgkCi5S1DGWJAHWal6A/ffkOazqRyBKEPWiHU1FOVh
        hMOQHEDMxvcVpg==
        -----END PRIVATE KEY-----
        """

    /// Its public part.
    static let weakPublic = """
        -----BEGIN PUBLIC KEY-----
        MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDBgLEub6u9Q1Mq2UzerwExT21+
        Y9PDbSdVt/vKqwdiecKxywayVpnkWymuy1YWIKPgu8cXYPeU9PfYVWynoaXcu2DJ
        mAJYm691CRb6SUVXrzn369vQdbosblODJpMa2NqDRlfUh7hi/hdiV8/sXk/D7L4u
        Buo0yXkOAU0p8Z/WRQIDAQAB
        -----END PUBLIC KEY-----
        """

    /// A private key on P-256 with its parameters before it (SEC 1).
    static let ec = """
        -----BEGIN EC PARAMETERS-----
        BggqhkjOPQMBBw==
        -----END EC PARAMETERS-----
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEINZ0wbxpesHMWVm0Op19gwptdAf9Pz4YHFrgSe0CR0bQoAoGCCqGSM49
        AwEHoUQDQgAEBB76faYn1croxwiOcr6Y/kFPAXDYnT7i2Q0PiASP3+lW61JbhZK3
        MldKl61y9vw8au+TCIwM0D8yxP+HRDWSuA==
        -----END EC PRIVATE KEY-----
        """

    /// A certificate of it.
    static let ecCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBdDCCARugAwIBAgIUH7bJ0A8dGt6XfWZYusvdMAj60IkwCgYIKoZIzj0EAwIw
        DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjIyMzM0MDVaGA8yMTI2MTAyOTIzMzQw
        NVowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABAQe
        +n2mJ9XK6McIjnK+mP5BTwFw2J0+4tkND4gEj9/pVutSW4WStzJXSpetcvb8PGrv
        kwiMDNA/MsT/h0Q1krijUzBRMB0GA1UdDgQWBBQUtjejRsQvwAAyFmcXvEjVPOED
        njAfBgNVHSMEGDAWgBQUtjejRsQvwAAyFmcXvEjVPOEDnjAPBgNVHRMBAf8EBTAD
        AQH/MAoGCCqGSM49BAMCA0cAMEQCIGoSRTG7rFGcHwxRYS0op9pJObB5EFAGRkIz
        c3SG2varAiBX4pu2ITDNlbKkX/qXkM/87tjE1TNCh3IQ572RSeWNwQ==
        -----END CERTIFICATE-----
        """

    /// A public key on a curve that is not supported.
    static let secp256k1 = """
        -----BEGIN PUBLIC KEY-----
        MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEFesxybvn9LQ3BKJEAHZzRB0rkQyBMb/i
        pTM5McU+nR+JHVg2856d4R+ARdD+oocLFjWADdQ7+3BgrBYbwmbOAA==
        -----END PUBLIC KEY-----
        """

    /// A private key on Ed25519.
    static let ed25519 = """
        -----BEGIN PRIVATE KEY-----
        MC4CAQAwBQYDK2VwBCIEIOfwxNScghCVhUuYMGN2cLj8m+l2yF6jwQktzWEHzlTh
        -----END PRIVATE KEY-----
        """

    /// A certificate of it.
    static let ed25519Certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBNDCB56ADAgECAhR+bZu8U+ZxLc+3MmuwMWGV9wz+ljAFBgMrZXAwDzENMAsG
        A1UEAwwEdGVzdDAgFw0yNjExMjIyMzM0MDVaGA8yMTI2MTAyOTIzMzQwNVowDzEN
        MAsGA1UEAwwEdGVzdDAqMAUGAytlcAMhAChf8fbFhUmgduhE+0w1EPYXy5oz9VY6
        G8iAISmw+h9Po1MwUTAdBgNVHQ4EFgQUan0h27ePawSslH+LBgE2stDp66QwHwYD
        VR0jBBgwFoAUan0h27ePawSslH+LBgE2stDp66QwDwYDVR0TAQH/BAUwAwEB/zAF
        BgMrZXADQQBqxZ67VxctDHgo8pH2yP+Qy1sBG4DVub6cIluGRoHdhezLDDB58H/4
        UOKwfMufF9rC/5kAxVdjbfN2io+/I4EF
        -----END CERTIFICATE-----
        """

    /// A private key behind a passphrase.
    static let encrypted = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAie2ViTHIiCAAICCAAw
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEELoXPLZEkEBZ/8d5EEbNSvUEgZBe
        sXkic0w32K0s2loRUoDGNSG1wtz0m+6+j6hF84cb0j4AO7aMfSok5e0HWrAYnMcR
        IFIQ+6hHB31+siWcUgjgPSH8i6igwEaGHGJnm0ZJt6jAHIXYrE2u6Djzb2BMllCa
        Y9fGegI5HEyhV8l6yoETEOrGbaQJoJThamPwa0l9PLTkuE0mKGyah6Xua4gbDgM=
        -----END ENCRYPTED PRIVATE KEY-----
        """
}
