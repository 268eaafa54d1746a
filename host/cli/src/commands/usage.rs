//! `weighbridge usage`

use clap::Args as ClapArgs;
use serde_json::json;
use weighbridge::UsageLine;
use weighbridge::model::meter::Meter;

use super::reading;
use crate::args::Args;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, ClapArgs)]
pub(crate) struct UsageArgs {
    /// The tenant's name; it may be left out where there is only one.
    #[arg(long, value_name = "NAME")]
    tenant: Option<String>,
}

pub(crate) fn run(args: &Args, usage: &UsageArgs) -> anyhow::Result<Exit> {
    let lines = reading(args)?.usage(usage.tenant.as_deref())?;
    show(&lines, args.json);
    Ok(Exit::Done)
}

pub(crate) fn show(lines: &[UsageLine], as_json: bool) {
    if as_json {
        let values = lines.iter().map(|line| {
            json!({
                "customer": line.customer,
                "period": line.period.to_string(),
                "spent": line.balance.spent,
                "held": line.balance.held,
                "quota": line.quota,
            })
        });
        output::json(&json!({ "usage": values.collect::<Vec<_>>() }));
        return;
    }
    let mut rows = Vec::new();
    for line in lines {
        for meter in Meter::ALL {
            let (spent, held) = (line.balance.spent.of(meter), line.balance.held.of(meter));
            let granted = line.quota.granted(meter);
            if spent == 0 && held == 0 && granted.is_none() {
                continue;
            }
            rows.push([
                line.customer.clone().unwrap_or_else(|| "(all customers)".into()),
                line.period.to_string(),
                meter.to_string(),
                spent.to_string(),
                held.to_string(),
                granted.map_or_else(|| "not limited".into(), |granted| granted.to_string()),
            ]);
        }
    }
    output::table(["customer", "period from", "meter", "used", "on hold", "granted"], &rows);
}
