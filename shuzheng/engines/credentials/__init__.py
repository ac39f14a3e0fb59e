"""Credentials (电子证照): one way to say something verifiable about someone.

A licence is issued inside the step of a case, carries the national identifier of GB/T 36904, lies in its holder's
wallet, is shown as a QR code and checked by anyone on a public page.

Main flow: `actions.issue_licence` → `actions.present_licence` (the holder, five minutes) or `queries.licence_sheet`
(the printed sheet with its long-lived code) → `actions.verify_code`. `actions.revoke_licence`, `suspend_licence`,
`resume_licence` and `correct_licence` change what a check says from the next moment on.

A code is CBOR (RFC 8949, deterministic) in COSE_Sign1 (RFC 9052) with Ed25519, in base45 (RFC 9285), in the fragment
of a URL: `<public_url>/verify/#SZ1:…`. It holds no personal data, only which licence and until when; the checking
page says the rest, masked.

What is recorded where: issuing, importing, revoking, suspending, resuming and correcting change something and stand in
the ledger. Presenting and verifying change nothing and do not. An officer's look at a licence stands in the reader log
(`access.record_reading`). When a presentation was checked, and how often, the holder sees with `queries.list_shown` for
half a year; who checked is not known, the page asks for no sign-in. Checks of a printed sheet or of a number are not
kept: whoever holds the sheet could otherwise fill the holder's list at will.

Standards: GB/T 36903, 36904, 36905 (licences), RFC 8949, 9052, 9053, 9285, ISO/IEC 7064 MOD 37,36.
"""
