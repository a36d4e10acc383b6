// A plugin of Haraka: who is a recipient. It refuses `nobody@` for good and `later@` for now, and at the end of the data whoever
// asks for it in the subject.

exports.register = function () {
    this.register_hook('rcpt', 'recipient');
    this.register_hook('data_post', 'message');
};

exports.recipient = function (next, connection, [address]) {
    switch (address.user) {
        case 'nobody':
            return next(DENY, '5.1.1 No such mailbox');
        case 'later':
            return next(DENYSOFT, '4.2.1 Come again');
        default:
            return next(OK);
    }
};

exports.message = function (next, connection) {
    const subject = connection.transaction.header.get('subject').trim();
    if (subject === 'afvis mig') return next(DENY, '5.6.0 Not this one');
    if (subject === 'senere') return next(DENYSOFT, '4.3.0 Not now');
    next();
};
