//! People of the three populations, signing in, and one's own account.

use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use weighbridge::Engine;
use weighbridge::model::access::Role;
use weighbridge::model::access::kinds::{
    CustomerOpen, OperatorsChange, OperatorsRead, PasswordsReset, SelfChange, SelfRead, StaffChange, StaffRead,
    UsersChange, UsersRead,
};
use weighbridge::model::id::{TokenId, UserId};
use weighbridge::people::{
    AskReset, ChangePassword, ChangeUser, Choose, ForgotPassword, Join, NewToken, NewUser, OpenAccount, SignIn,
};

use super::{Done, Nothing};
use crate::api::asked::Context;
use crate::api::operation::Operation;

const COLUMNS: &[&str] = &["email", "name", "role", "joined", "invited_at", "id"];

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Which {
    user: UserId,
}

/// What somebody may do.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    user: UserId,
    /// What they may do.
    #[serde(default)]
    role: Option<Role>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WhichToken {
    token: TokenId,
}

pub(super) fn all() -> Vec<Operation> {
    [operators(), staff(), users(), entering(), own()].into_iter().flatten().collect()
}

fn operators() -> Vec<Operation> {
    vec![
        Operation::new(
            ("operator list", Method::GET, "/operators"),
            "Show who operates this host.",
            async |it: Context<OperatorsRead>, _: Nothing| it.engine.operators(&it.may),
        )
        .columns(COLUMNS),
        Operation::new(
            ("operator invite", Method::POST, "/operators"),
            "Invite an operator; the link in the answer lets them in, once.",
            async |it: Context<OperatorsChange>, new: NewUser| it.engine.invite_operator(&it.may, &new).await,
        )
        .creates()
        .audits("user.invited"),
        Operation::new(
            ("operator change", Method::PATCH, "/operators/{user}"),
            "Change what an operator may do.",
            async |it: Context<OperatorsChange>, Change { user, role }: Change| {
                it.engine.change_operator(&it.may, user, &ChangeUser { role }).await
            },
        )
        .audits("user.changed"),
        Operation::new(
            ("operator remove", Method::DELETE, "/operators/{user}"),
            "Remove an operator; what they were signed in with ends.",
            async |it: Context<OperatorsChange>, which: Which| {
                it.engine.remove_operator(&it.may, which.user).await.map(Done::from)
            },
        )
        .audits("user.removed"),
    ]
}

fn staff() -> Vec<Operation> {
    vec![
        Operation::new(
            ("staff list", Method::GET, "/staff"),
            "Show the organisation's people.",
            async |it: Context<StaffRead>, _: Nothing| it.engine.staff(&it.may),
        )
        .columns(COLUMNS),
        Operation::new(
            ("staff invite", Method::POST, "/staff"),
            "Invite somebody of the organisation's; the link in the answer lets them in, once.",
            async |it: Context<StaffChange>, new: NewUser| it.engine.invite_staff(&it.may, &new).await,
        )
        .creates()
        .audits("user.invited"),
        Operation::new(
            ("staff change", Method::PATCH, "/staff/{user}"),
            "Change what somebody of the organisation's may do.",
            async |it: Context<StaffChange>, Change { user, role }: Change| {
                it.engine.change_staff(&it.may, user, &ChangeUser { role }).await
            },
        )
        .audits("user.changed"),
        Operation::new(
            ("staff remove", Method::DELETE, "/staff/{user}"),
            "Remove somebody of the organisation's; what they were signed in with ends.",
            async |it: Context<StaffChange>, which: Which| {
                it.engine.remove_staff(&it.may, which.user).await.map(Done::from)
            },
        )
        .audits("user.removed"),
    ]
}

fn users() -> Vec<Operation> {
    vec![
        Operation::new(
            ("user list", Method::GET, "/customers/{customer}/users"),
            "Show a customer's people.",
            async |it: Context<UsersRead>, _: Nothing| it.engine.users(&it.may),
        )
        .columns(COLUMNS),
        Operation::new(
            ("user invite", Method::POST, "/customers/{customer}/users"),
            "Invite somebody of a customer's; the link in the answer lets them in, once.",
            async |it: Context<UsersChange>, new: NewUser| it.engine.invite_user(&it.may, &new).await,
        )
        .creates()
        .audits("user.invited"),
        Operation::new(
            ("user change", Method::PATCH, "/customers/{customer}/users/{user}"),
            "Change what somebody of a customer's may do.",
            async |it: Context<UsersChange>, Change { user, role }: Change| {
                it.engine.change_customer_user(&it.may, user, &ChangeUser { role }).await
            },
        )
        .audits("user.changed"),
        Operation::new(
            ("user remove", Method::DELETE, "/customers/{customer}/users/{user}"),
            "Remove somebody of a customer's; what else their address opens stays.",
            async |it: Context<UsersChange>, which: Which| {
                it.engine.remove_customer_user(&it.may, which.user).await.map(Done::from)
            },
        )
        .audits("user.removed"),
        Operation::new(
            ("customer open", Method::POST, "/customers/{customer}/open"),
            "Open a customer's account and act there as its administrator for an hour; the customer sees it.",
            async |it: Context<CustomerOpen>, open: OpenAccount| it.engine.open_account(&it.may, &open).await,
        )
        .creates()
        .audits("customer.opened"),
    ]
}

fn entering() -> Vec<Operation> {
    vec![
        Operation::open(
            ("session begin", Method::POST, "/sessions"),
            "Sign in by an address and a password; where the address opens several things, choose one.",
            async |engine: Engine, sign_in: SignIn| engine.sign_in_person(&sign_in).await,
        )
        .audits("user.signed_in"),
        Operation::open(
            ("session choose", Method::POST, "/sessions/choose"),
            "Choose among what an address opens, with the secret that its sign-in gave.",
            async |engine: Engine, choose: Choose| engine.choose_account(&choose).await,
        )
        .audits("user.signed_in"),
        Operation::open(
            ("session join", Method::POST, "/sessions/join"),
            "Take an invitation by its link.",
            async |engine: Engine, join: Join| engine.join(&join).await,
        )
        .audits("user.joined"),
        Operation::open(
            ("session reset", Method::POST, "/sessions/reset"),
            "Set another password by a link that was asked for.",
            async |engine: Engine, join: Join| engine.reset_password(&join).await,
        )
        .audits("user.password_reset"),
        Operation::open(
            ("session forgot", Method::POST, "/sessions/forgot"),
            "Ask for a mail with a link on which another password is set; the answer does not say whether the address is known.",
            async |engine: Engine, forgot: ForgotPassword| engine.forgot_password(&forgot).await.map(Done::from),
        )
        .audits("user.password_asked"),
    ]
}

fn own() -> Vec<Operation> {
    vec![
        Operation::new(
            ("session reset-link", Method::POST, "/sessions/reset-links"),
            "Make a link on which somebody sets another password; only whoever owns the data folder may, at its command line.",
            async |it: Context<PasswordsReset>, ask: AskReset| it.engine.reset_link(&it.may, &ask).await,
        )
        .creates()
        .audits("user.reset_link"),
        Operation::new(
            ("me show", Method::GET, "/me"),
            "Show who asks, and what they may do.",
            async |it: Context<SelfRead>, _: Nothing| it.engine.me(&it.may),
        ),
        Operation::new(
            ("session end", Method::DELETE, "/sessions/current"),
            "Sign out.",
            async |it: Context<SelfRead>, _: Nothing| {
                let secret = it.secret.unwrap_or_default();
                it.engine.sign_out(&it.may, &secret).await.map(Done::from)
            },
        )
        .unaudited("who signs out changes nothing but their own session"),
        Operation::new(
            ("me password", Method::POST, "/me/password"),
            "Set another password; whatever else is signed in is out.",
            async |it: Context<SelfChange>, change: ChangePassword| {
                it.engine.change_password(&it.may, &change).await.map(Done::from)
            },
        )
        .audits("user.password_changed"),
        Operation::new(
            ("me sign-out", Method::POST, "/me/sign-out-everywhere"),
            "End every session and token of one's own.",
            async |it: Context<SelfChange>, _: Nothing| it.engine.sign_out_everywhere(&it.may).await.map(Done::from),
        )
        .audits("user.signed_out_everywhere"),
        Operation::new(
            ("token list", Method::GET, "/me/tokens"),
            "Show one's own tokens.",
            async |it: Context<SelfRead>, _: Nothing| it.engine.tokens(&it.may),
        )
        .columns(&["name", "scopes", "since", "ends_at", "id"]),
        Operation::new(
            ("token add", Method::POST, "/me/tokens"),
            "Make a token for a program; its secret is shown once.",
            async |it: Context<SelfChange>, new: NewToken| it.engine.create_token(&it.may, &new).await,
        )
        .creates()
        .audits("token.created"),
        Operation::new(
            ("token revoke", Method::DELETE, "/me/tokens/{token}"),
            "End a token of one's own.",
            async |it: Context<SelfChange>, which: WhichToken| {
                it.engine.revoke_token(&it.may, which.token).await.map(Done::from)
            },
        )
        .audits("token.revoked"),
    ]
}
