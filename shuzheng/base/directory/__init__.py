"""The directory (机构与人员目录): who and where, from divisions down to a person's sign-in.

Holds divisions, organizations (one tree, four levels), people, firms, posts and accounts. Names are clear because
they are searched; identity numbers, mobiles and a person's address are sealed, with a keyed blind index to find them.

Main flow: a pack lays the directory (`pack.apply`) → a person signs in (`sign_in`, or by an external provider with
`start_external` and `finish_external`) → every request turns the account into an `Actor` (`get_actor`), for
themselves, in a post, or for a firm, a child or a principal they may act for; `check_may_act` asks again where an
application begins and is submitted. Programs sign in as clients (`authenticate_client`): machines for themselves
(`machine_actor`), systems for their people (`issue_code`, `redeem_code`).

Public actions: accounts (`create_account`, `create_admin`, `change_password`, `close_account`, `set_elder_mode`,
`confirm_identity`, `apply_demo_accounts`), sessions (`end_session`, `end_sessions`), mandates (`give_mandate`,
`accept_mandate`, `decline_mandate`, `revoke_mandate`, `resign_mandate`), programs (`add_machine`, `add_system`,
`rotate_secret`, `close_client`), deputies and the address book (`name_deputy`, `release_deputy`, `set_office`).
Standards: W3C ORG (Organization, Post), GB/T 2260 and GB/T 10114 (divisions), GB 32100, GB 11643, OpenID Connect
Core 1.0, RFC 6749, RFC 7636.
"""
