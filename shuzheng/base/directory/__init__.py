"""The directory (机构与人员目录): who and where, from divisions down to a person's sign-in.

Holds divisions, organizations (one tree, four levels), people, firms, posts and accounts. Names are clear because
they are searched; identity numbers, mobiles and a person's address are sealed, with a keyed blind index to find them.

Main flow: a pack lays the directory (`pack.apply`) → a person signs in (`sign_in`) → every request turns the
account into an `Actor` (`get_actor`), for themselves, in a post, or for a firm they legally represent.

Public actions: `sign_in`, `create_account`, `create_admin`, `change_password`, `close_account`, `set_elder_mode`,
`apply_demo_accounts`. Standards: W3C ORG (Organization, Post), GB/T 2260 and GB/T 10114 (divisions), GB 32100,
GB 11643.
"""
