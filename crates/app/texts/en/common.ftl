# The frame of every page.
skip = Skip to the content
foot = No account, no cookies, nothing from other sites.
steps = Steps
back = Back
change = Change
optional = (optional)
choose-one = Choose one
write-to-us = You can write to us:
title-error = Error:
