# What went wrong, and what to do, for people.
problem-request = If you tell us about it, please name this:
problem-not-found = There is nothing here
    .advice = Check the address, or go back to the page you came from.
problem-method = This address is not opened this way
    .advice = Go back to the page you came from and try again from there.
problem-too-large = That was too much at once
    .advice = Go back and send less text.
problem-slow = Your request did not arrive in time
    .advice = Check your connection, go back and send it again.
problem-foreign = This form came from another site
    .advice = Open our page itself and send the form from there. Nothing was changed.
problem-busy = We are very busy right now
    .advice = Please try again in a moment.
problem-internal = Something went wrong on our side
    .advice = Please try again. If it happens once more, tell us.
problem-unreadable = We could not read that request
    .advice = Go back to the page you came from and try again.
