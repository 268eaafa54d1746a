//! `weighbridge connection revoke`

use serde_json::json;
use weighbridge::RevokedGrant;

use crate::args::Args;
use crate::commands::writing;
use crate::exit::Exit;
use crate::output;

pub(crate) async fn run(args: &Args, connection: &str) -> anyhow::Result<Exit> {
    let revoked = writing(args, async |engine| Ok(engine.revoke_grant(connection).await?)).await?;
    let (word, sentence): (_, String) = match &revoked {
        RevokedGrant::AtThePlatform => {
            ("at_the_platform", "the tokens are gone here, and the platform took the grant back".into())
        }
        RevokedGrant::Nothing => ("nothing", "there was no grant".into()),
        RevokedGrant::HereOnly => {
            ("here_only", "the tokens are gone here; take the grant back at the platform by hand".into())
        }
        RevokedGrant::Unanswered(why) => {
            ("unanswered", format!("the tokens are gone here; take the grant back at the platform by hand ({why})"))
        }
    };
    if args.json {
        output::json(&json!({ "connection": connection, "revoked": word, "message": sentence }));
    } else {
        output::line(sentence);
    }
    Ok(Exit::Done)
}
