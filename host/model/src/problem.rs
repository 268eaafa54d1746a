//! What a person meets when something they asked for is not done: a stable code, a sentence, and a next step.

use std::fmt;

use crate::access::Denied;
use crate::codes::codes;

/// What kind of no it is, for whoever chooses a status by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The request cannot be read.
    Malformed,
    /// Nobody is known to be asking.
    Unauthenticated,
    /// Somebody asks who may not.
    Forbidden,
    /// For them there is nothing there.
    Missing,
    /// It does not go with what there is.
    Conflict,
    /// It was once, and is no more.
    Gone,
    /// What it was based on has changed since.
    Stale,
    /// It can be read, and is not right.
    Invalid,
    /// Too much at once.
    TooMany,
    /// Too large.
    TooLarge,
    /// It is not here at the moment.
    Unavailable,
    /// Somebody else's server, which this needs, did not do its part.
    Elsewhere,
    /// A fault of the host's own.
    Fault,
}

codes! {
    /// The stable code of something that is not done.
    ProblemCode,
    /// What kind of no it is.
    kind: ProblemKind;

    Malformed = "request.malformed", Malformed, "The request cannot be read.",
        "Compare it with the description of the operation in openapi.json.";
    UnknownOperation = "request.unknown_operation", Missing, "There is no such operation.",
        "Compare the method and the path with openapi.json.";
    TooLarge = "request.too_large", TooLarge, "The request is larger than this operation takes.",
        "Send less at once.";
    TooManyRequests = "request.rate_limited", TooMany, "Too many requests in a short time.",
        "Wait as long as Retry-After says.";
    Invalid = "request.invalid", Invalid, "Something in the request is not right.",
        "Correct what `errors` names, and send it again.";
    NotThere = "access.not_there", Missing, "There is nothing here for you.",
        "Compare the id; what belongs to others looks the same as what does not exist.";
    KeyAbsent = "api_key.missing", Unauthenticated, "Nobody says who asks.",
        "Send the Connection ID and the API key as HTTP Basic, or as `Authorization: Bearer CONNECTION_ID:KEY`.";
    KeyInAddress = "api_key.in_address", Malformed,
        "An API key stood in the address, which proxies and logs keep, so others may know it by now.",
        "Ask for another key, which ends this one, and send that in the Authorization header.";
    KeysTooOften = "api_key.too_often", TooMany, "Too many wrong keys came from this address.",
        "Copy the key again, whole; then wait as long as Retry-After says.";
    Ambiguous = "request.ambiguous", Malformed, "The request can be read in more than one way.",
        "Send one Content-Length or `Transfer-Encoding: chunked`, header fields of one line each, and one Host.";
    TooSlow = "request.too_slow", Unavailable, "The request took too long.", "Send less at once, and try again.";
    NotSignedIn = "access.not_signed_in", Unauthenticated, "Nobody is signed in.",
        "Sign in, or send a token that is valid.";
    Role = "access.role", Forbidden, "Your role does not permit this.",
        "Ask an administrator of your organisation.";
    TokenScope = "access.token_scope", Forbidden, "Your token is limited to other things.",
        "Sign in, or use a token with this scope.";
    NotAsOther = "access.not_as_other", Forbidden, "This is not done in somebody else's account.",
        "End this session, or ask the customer's own administrator.";
    FormForged = "form.not_from_here", Forbidden, "This form did not come from a page that is open to you.",
        "Open the page again, and repeat it there.";
    TenantInactive = "tenant.inactive", Forbidden, "Your organisation is inactive.", "Ask the operator of this host.";
    CustomerInactive = "customer.inactive", Forbidden, "This account is inactive.", "Ask your partner.";
    CustomerDeleting = "customer.deleting", Gone, "This customer is being deleted.",
        "Nothing of it can be changed or moved any more.";
    Stale = "resource.changed", Stale, "It was changed since you read it.",
        "Read it again, and repeat your change on what you find.";
    NameTaken = "name.taken", Conflict, "Something else has this name already.", "Choose another name.";
    AlreadyInvited = "people.already_there", Conflict, "This address is among these people already.",
        "Where its link is lost, remove it and invite it again; whoever has joined asks for another password.";
    NameKept = "name.kept", Conflict, "An endpoint's name is never changed or used again, since history names it.",
        "Make another endpoint.";
    InUse = "resource.in_use", Conflict, "Other things use it.", "Change or remove what `uses` names first.";
    ConfirmationNeeded = "confirmation.needed", Conflict, "This stops or costs something, and was not confirmed.",
        "Read `consequences`, then repeat it with `confirm`.";
    ConfirmationWrong = "confirmation.wrong", Invalid, "What was typed is not the name.", "Type the name as it is shown.";
    SelfManagedDenied = "self_managed.denied", Forbidden, "This account may not connect systems by itself.",
        "Ask your partner to connect it, or to allow it.";
    OwnServicesDenied = "external_service.own_denied", Forbidden,
        "This account may not give third parties access by itself.", "Ask your partner to give it, or to allow it.";
    ServiceOfPartner = "external_service.of_partner", Forbidden, "Your partner gave this third party its access.",
        "Switch it off where it should read nothing; ask your partner for anything else.";
    NotOwnCredential = "credential.not_yours", Forbidden, "Somebody else entered this credential and alone may replace it.",
        "Ask them, or make another connected system.";
    LinkOver = "connect_link.over", Gone, "This link was used already, withdrawn, or its time is over.",
        "Ask whoever sent it for a new one.";
    IdempotencyBusy = "idempotency.in_progress", Conflict, "A request with this Idempotency-Key is under way.",
        "Wait for its answer.";
    IdempotencyReused = "idempotency.reused", Invalid, "This Idempotency-Key was used with another request.",
        "Use a new key for a new request.";
    IdempotencyUnknown = "idempotency.unknown", Conflict,
        "A request with this Idempotency-Key was cut off, and its outcome is not known.",
        "Look whether what it was to make is there, then use a new key.";
    SignInWrong = "sign_in.wrong", Unauthenticated, "The e-mail address or the password is not right.",
        "Try again, or ask for a new password.";
    SignInTooOften = "sign_in.too_often", TooMany, "There were too many wrong passwords.",
        "Wait a quarter of an hour, then try again or ask for a new password.";
    PasswordWeak = "password.weak", Invalid, "This password is too easy to guess.",
        "Choose a longer one: 12 characters or more, not made of words that everybody tries.";
    LinkUsed = "link.over", Gone, "This link was used already, or its time is over.", "Ask for a new one.";
    MailNotConfigured = "mail.not_configured", Conflict, "This host sends no mail.",
        "Ask whoever runs this host for a link on which you set another password.";
    MailFailed = "mail.failed", Elsewhere, "The mail was not sent.",
        "Read in `errors` what the mail server said, and correct `[mail]` of the configuration.";
    LastAdmin = "people.last_admin", Conflict, "Nobody else could administer this then.",
        "Make somebody else an administrator first.";
    WorkflowBlocked = "workflow.blocked", Conflict, "The change would touch something that holds progress or rejected records.",
        "Name in `touch` what `consequences` lists, or leave it as it is.";
    NotReady = "customer.not_ready", Conflict, "The customer's checklist is not complete.",
        "Do what `missing` names, and finish again; `customer activate` switches it on as it is.";
    VersionUnknown = "connector.version_not_found", Missing, "The connector has no such version here.",
        "List what is installed with: connector list.";
    NothingToApprove = "connector.nothing_to_approve", Conflict, "This version waits for nobody.",
        "List what waits with: connector list.";
    VersionInUse = "connector.version_in_use", Conflict, "This version is the one in use.", "Nothing needs to be done.";
    DifferenceChanged = "connector.difference_changed", Stale, "What the version asks for is not what was read.",
        "Read it again, and approve the `difference` that you find.";
    VersionRefused = "connector.refused", Conflict, "This version may not be used.", "Do what `errors` says first.";
    RunBusy = "transfer.running", Conflict, "This transfer is running.", "Wait for it to end.";
    TooManyRejected = "transfer.too_many_rejected", Conflict, "More records were rejected than this transfer allows.",
        "See why they were rejected, correct the records or the mapping, or allow more; then run it again, and it goes on after them.";
    SchemaDrifted = "schema.drifted", Conflict, "Records came that are not as they were accepted.",
        "See at the source endpoint what was found. Accept it, and run the transfer again; it goes on where it stopped.";
    SchemaFits = "schema.fits", Conflict, "Nothing was found here that is not accepted.", "Nothing needs to be done.";
    OccurrenceMissed = "schedule.missed", Conflict, "Nobody was there when it was due, and it is older than missed times are made up for.",
        "Run the transfer by hand where it is wanted still, or make up for missed times of a longer while.";
    OccurrenceSuperseded = "schedule.superseded", Conflict, "A later time of the same schedule runs for it too.", "Nothing needs to be done.";
    OccurrenceOverlaps = "schedule.overlap", Conflict, "The run before had not ended.",
        "Let it run less often, or let a time wait for the run before.";
    OccurrencePaused = "schedule.paused", Conflict, "The schedule was paused.", "Nothing needs to be done.";
    RunEnded = "run.ended", Conflict, "This run has ended already.", "Run the transfer again where more is wanted.";
    RunSucceeded = "run.succeeded", Conflict, "This run has done its work already.", "Run the transfer again where more is wanted.";
    BackfillUnfit = "backfill.unfit", Conflict, "This transfer cannot move a range once more.", "Do what `errors` says instead.";
    TryRefused = "try.refused", Conflict, "Nothing may move here at the moment, so nothing was tried.", "Do what `errors` says first.";
    TryFailed = "try.failed", Conflict, "The source could not give what the next run would read.",
        "See `errors`; where it goes on, ask whoever runs the platform.";
    RunEnding = "run.ending", Conflict, "This run is being ended.", "Run the transfer again when it has ended.";
    BatchEnded = "batch.ended", Conflict, "This batch is not in doubt: nothing of it is on hold.", "Nothing needs to be done.";
    RunNotPaused = "run.not_paused", Conflict, "This run is not paused.", "Nothing needs to be done.";
    EventAddressesFull = "event_address.too_many", Conflict, "An organisation has at most ten addresses for events.",
        "Delete one that is not needed, or have one of them hand events on.";
    EventAddressOff = "event_address.off", Conflict, "This address is told of nothing.",
        "Switch it on, then replay what it missed.";
    HookClosed = "hook.closed", Unavailable, "Nothing is taken here at the moment.", "Send it again later.";
    HookFull = "hook.full", Unavailable, "Too much waits here already.", "Send it again later.";
    HookUnverified = "hook.unverified", Unauthenticated, "This does not prove to come from the platform.",
        "Compare the secret at the platform with the one of this hook.";
    HookUnreadable = "hook.unreadable", Malformed, "The connector cannot read this.",
        "See what the platform is set to send; the connector's documentation says what it takes.";
    HookUntaken = "hook.no_transfer", Conflict, "No transfer takes what comes for this stream.",
        "Add a transfer that reads the stream.";
    HookOverdue = "hook.overdue", Conflict, "A webhook brought this record, and it waited longer than it is kept.",
        "See why nothing moved, and run the transfer.";
    HookAbsent = "hook.absent", Conflict, "This connected system takes no webhooks.",
        "Use a schedule, or a connector that takes them.";
    BackupNowhere = "backup.not_configured", Conflict, "This host has no folder for backups.",
        "Write `folder` under `[backup]` in its configuration, and have that read again: weighbridge host reload";
    BackupFailed = "backup.failed", Unavailable, "The backup was not taken, and nothing of it is left.",
        "Do what `errors` says, and take it again.";
    ReloadRefused = "reload.refused", Conflict, "The configuration is not right, so everything holds on that held before.",
        "Correct what `errors` says, look at it with `weighbridge config check`, and have it read again.";
    ReloadNobody = "reload.nobody", Conflict, "No host serves here that could read its configuration again.",
        "Start it: it reads its configuration then.";
    Unavailable = "host.unavailable", Unavailable, "The host cannot do this at the moment.", "Try again in a minute.";
    CommitUnknown = "store.unknown", Unavailable, "A commit failed, and whether it is durable is not known yet.",
        "Start the host again, and look whether it is done before you ask again.";
    Fault = "host.fault", Fault, "The host failed.", "Its log says why; tell its operator the request's id.";
}

/// Something that was asked for and is not done; nothing of it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The stable code.
    pub code: ProblemCode,
    /// What is wrong where: a path into what was sent, and a sentence.
    pub errors: Vec<Wrong>,
    /// Particulars, by the names that next steps use: `uses`, `consequences`, `missing`.
    pub particulars: Vec<(&'static str, Vec<String>)>,
    /// For the log of the host only.
    pub cause: Option<String>,
    /// Whether it is about who asks, so that it stands in the audit log.
    pub denied: bool,
}

/// One thing that is wrong in what was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// A path into it.
    pub at: String,
    /// What is wrong there, and what to write instead.
    pub what: String,
}

impl Problem {
    /// Only the code.
    pub const fn new(code: ProblemCode) -> Self {
        let is_about_who_asks = matches!(code.kind(), ProblemKind::Forbidden | ProblemKind::Unauthenticated);
        let denied = is_about_who_asks || matches!(code, ProblemCode::SignInTooOften);
        Self { code, errors: Vec::new(), particulars: Vec::new(), cause: None, denied }
    }

    /// Something is wrong at a place.
    pub fn invalid(at: impl Into<String>, what: impl Into<String>) -> Self {
        Self::new(ProblemCode::Invalid).at(at, what)
    }

    /// A fault of the host's own; what caused it goes to the log only.
    pub fn fault(cause: impl fmt::Display) -> Self {
        Self { cause: Some(cause.to_string()), ..Self::new(ProblemCode::Fault) }
    }

    /// The same, with one more thing that is wrong.
    #[must_use]
    pub fn at(mut self, at: impl Into<String>, what: impl Into<String>) -> Self {
        self.errors.push(Wrong { at: at.into(), what: what.into() });
        self
    }

    /// The same, with particulars.
    #[must_use]
    pub fn with(mut self, name: &'static str, what: Vec<String>) -> Self {
        self.particulars.push((name, what));
        self
    }
}

impl From<ProblemCode> for Problem {
    fn from(code: ProblemCode) -> Self {
        Self::new(code)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        let code = match denied {
            Denied::NotThere => ProblemCode::NotThere,
            Denied::Role => ProblemCode::Role,
            Denied::TokenScope => ProblemCode::TokenScope,
            Denied::NotAsOther => ProblemCode::NotAsOther,
        };
        Self { denied: true, ..Self::new(code) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.code.sentence().trim_end_matches('.'))?;
        for wrong in &self.errors {
            match wrong.at.as_str() {
                "" => write!(f, "; {}", wrong.what)?,
                at => write!(f, "; {at}: {}", wrong.what)?,
            }
        }
        for (name, what) in &self.particulars {
            write!(f, "; {name}: {}", what.join(", "))?;
        }
        write!(f, "; next: {}", self.code.next_step())
    }
}

impl std::error::Error for Problem {}
