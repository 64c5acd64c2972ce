# The directory that brings members in (SCIM).
settings-directory = Directory
    .about = Members from a directory elsewhere (SCIM): its address, and which role its groups give.
directory-title = Directory
directory-intro = A directory, such as the one your people sign in to their computers with, can bring members in, change them and let them go by itself (SCIM 2.0). It never makes an owner, and of an owner it changes nothing but whether they may come in.
directory-address = Address for the directory
    .hint = Write it into the directory together with a token of the kind Directory (SCIM). Make one here:
directory-groups = Which role a group gives
    .about = A member has the role of their group; in several groups, the one that may do most. A group without a role changes nothing.
directory-no-groups = The directory has sent no groups yet. They appear here once it does; until then its members have the role below.
directory-members = { $count ->
    [one] 1 member
   *[other] { $count } members
}
directory-no-role = No role
directory-rules = Members without a group, and how they come in
directory-default = Role of whoever has no group with a role
    .hint = For members who come or leave a group from now on.
directory-without = When somebody leaves their last group
directory-without-default = They get the role above.
directory-without-suspend = They are suspended until they are in a group again; their sessions, tokens and calendar addresses end at once.
directory-welcome = How new members come in
directory-welcome-letter = By a mail with a link, with which they set a password.
directory-welcome-sso = Without a mail, by single sign-on.
directory-owners = Owners say which role each group gives.
