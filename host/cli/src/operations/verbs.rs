//! Operations as verbs of the command line.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};
use weighbridge_server::api::{Export, Operation, Parameter, ParameterKind, operations};

use super::Called;

/// What the nouns are, for the help.
const NOUNS: &[(&str, &str)] = &[
    ("customer", "Customers: find, make, change, switch off for a while, delete for good."),
    ("address", "Which addresses offers may reach."),
    ("host", "This host: how it is, and freezing everything on it."),
    ("key", "The key ring, from outside."),
    ("doubt", "Batches in doubt: what may have arrived while nobody is at work on it."),
    ("connect-link", "Links on which somebody without an account connects a system."),
    ("mail", "The mail that this host sends."),
    ("me", "One's own account."),
    ("own-connection", "The organisation's own connections, which serve many customers."),
    ("operator", "Those who run this host."),
    ("platform", "What can be connected for a customer."),
    ("run", "Runs: what moved, what stopped it, and why."),
    ("rejected", "Rejected records: find them, look at them, forget them."),
    ("self-managed", "Whether customers connect systems by themselves."),
    ("service", "Third parties that pull a customer's data."),
    ("session", "Come in and go out."),
    ("staff", "An organisation's people."),
    ("token", "One's own tokens, for programs."),
    ("user", "A customer's people."),
    ("endpoint", "A customer's named places that data comes from or goes to."),
    ("transfer", "What moves from where to where, and why it is (not) running."),
    ("onboarding", "How far a customer's beginning has come."),
    ("workflow", "Templates of endpoints, mappings and transfers."),
    ("support", "What this host tells whoever helps its operator."),
    ("system", "What all customers connected and set up, in one list."),
    ("integration", "What an organisation offers of the installed connectors."),
    ("tenant", "Partner organisations."),
];

/// Verbs that the command line words itself, and that show more to a person than the operation of their name.
const BY_HAND: [&str; 3] = ["connector list", "connector approve", "connector rollback"];

/// The same command line, with a verb for every operation.
pub(crate) fn extend(mut command: Command) -> Command {
    for operation in operations().iter().filter(|operation| !BY_HAND.contains(&operation.name)) {
        let Some((noun, verb)) = operation.name.split_once(' ') else { continue };
        let verb = verb_of(verb, operation);
        command = if command.find_subcommand(noun).is_some() {
            command.mut_subcommand(noun, |noun| noun.subcommand(verb))
        } else {
            let about = NOUNS.iter().find(|(known, _)| *known == noun).map_or("", |(_, about)| about);
            let noun = Command::new(noun).about(about).subcommand_required(true).arg_required_else_help(true);
            command.subcommand(noun.subcommand(verb))
        };
    }
    command
}

fn verb_of(verb: &'static str, operation: &'static Operation) -> Command {
    let tenant = Arg::new("tenant-name")
        .long("tenant")
        .value_name("NAME")
        .help("The tenant's name; it may be left out where there is only one.");
    let csv = Arg::new("as-csv").long("csv").action(ArgAction::SetTrue).help("All of the list, as CSV.");
    let jsonl = Arg::new("as-jsonl")
        .long("jsonl")
        .action(ArgAction::SetTrue)
        .conflicts_with("as-csv")
        .help("All of the list, a line of JSON for each.");
    let command = Command::new(verb).about(operation.about);
    let command = operation.parameters().iter().fold(command, |command, one| command.arg(argument(one)));
    let has_tenant = operation.action.level() != weighbridge::model::access::Level::Host;
    let command = if has_tenant { command.arg(tenant) } else { command };
    let command = if operation.is_list() { command.arg(csv).arg(jsonl) } else { command };
    if operation.followed { command.arg(follow(operation)) } else { command }
}

fn follow(operation: &Operation) -> Arg {
    let help = "Go on, and show it again whenever it has changed; end it with Ctrl-C.";
    let follow = Arg::new("follows").long("follow").action(ArgAction::SetTrue).help(help);
    if operation.is_list() { follow.conflicts_with_all(["as-csv", "as-jsonl"]) } else { follow }
}

fn argument(parameter: &Parameter) -> Arg {
    let value = parameter.name.to_uppercase();
    let arg = Arg::new(parameter.name.clone()).help(parameter.about.clone()).value_name(value);
    if parameter.in_path {
        return arg.required(true);
    }
    let arg = arg.long(parameter.name.replace('_', "-")).required(parameter.required);
    match &parameter.kind {
        ParameterKind::Flag => {
            arg.num_args(0..=1).default_missing_value("true").value_parser(PossibleValuesParser::new(["true", "false"]))
        }
        ParameterKind::Word(words) => arg.value_parser(PossibleValuesParser::new(words.clone())),
        ParameterKind::Several(_) => arg.action(ArgAction::Append),
        _ => arg,
    }
}

/// The operation that the words ask for, if it is one.
pub(crate) fn called(matches: &ArgMatches) -> Option<Called> {
    let (noun, matches) = matches.subcommand()?;
    let (verb, matches) = matches.subcommand()?;
    let name = format!("{noun} {verb}");
    let operation = operations().iter().find(|one| one.name == name && !BY_HAND.contains(&one.name))?;
    let texts = operation.parameters().iter().filter_map(|parameter| {
        let texts: Vec<String> = matches.get_many::<String>(&parameter.name)?.cloned().collect();
        Some((parameter.clone(), texts))
    });
    let tenant = matches.try_get_one::<String>("tenant-name").ok().flatten().cloned();
    let is_set = |name: &str| matches.try_get_one::<bool>(name).ok().flatten().is_some_and(|is_set| *is_set);
    let forms = [("as-csv", Export::Csv), ("as-jsonl", Export::JsonLines)];
    let whole = forms.into_iter().find(|(name, _)| is_set(name)).map(|(_, form)| form);
    Some(Called { operation, tenant, texts: texts.collect(), whole, follows: is_set("follows") })
}
