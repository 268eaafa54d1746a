//! A sign-in that the platform refused: a person must act, and nothing is asked again until then.

use weighbridge_model::connection::Connection;
use weighbridge_model::run::FailureClass;
use weighbridge_store::verbs::Route;

use super::halt::Halt;
use crate::engine::Host;

/// The connections of a route, as an attempt uses them.
pub(super) fn connections(route: &Route) -> Vec<Connection> {
    route.sides().filter_map(|side| side.connection.clone()).collect()
}

/// A failure after a refused sign-in is one of the sign-in, whatever the connector made of it; with the connection that
/// was refused.
pub(super) fn judge(host: &Host, used: Vec<Connection>, halt: Halt) -> (Halt, Option<Connection>) {
    let Halt::Failed(_) = &halt else { return (halt, None) };
    let refused = used.into_iter().find_map(|one| Some((host.clients.sign_in_refused(one.id)?, one)));
    let Some((reason, connection)) = refused else { return (halt, None) };
    let message = format!(
        "the platform refused the sign-in of a connected system ({reason}); it is not asked again until somebody signs in: \
         apply the connection's secrets anew, or run: weighbridge connection authorise"
    );
    (Halt::failed(FailureClass::Auth, "connection.sign_in_refused", message), Some(connection))
}
