# What people read in the console. A key is asked for by a page; words of the API stand under their kind: `status-active`.

## The frame
shell-skip = Skip to content
shell-menu = Menu
shell-host = This host
shell-sign-out = Sign out
shell-opened = You opened the account of { $customer } as { $who }. Its people see that, and everything you do here.
shell-leave = Leave the account
shell-to-start = Go to the start
crumbs = You are here
theme-system = As the system
theme-light = Light
theme-dark = Dark
once-title = Shown once

## Coming in
door-which-title = Sign in
door-which-about = Type the name of your organisation as your partner gave it to you.
door-tenant = Organisation
door-go-on = Go on
door-operator-link = I operate this host
door-title = Sign in to { $tenant }
door-title-operator = Sign in as operator
door-email = E-mail address
door-password = Password
door-sign-in = Sign in
door-forgot-link = Forgotten password
door-elsewhere-link = Another organisation
door-choose-title = What do you want to open?
door-choose-about = Your address opens more than one account.
door-forgot-title = Set another password
door-forgot-about = You get a mail with a link, if the address is known here.
door-forgot-send = Send the link
door-forgot-sent-title = Look into your mail
door-forgot-sent-about = If the address is known here, a link is on its way. It is good for one hour.
door-back-link = Back to signing in

## Roles
role-owner = Owner of the host
role-operator = Operator
role-tenant-admin = Administrator
role-tenant-operator = Staff
role-tenant-support = Support
role-tenant-viewer = Viewer
role-customer-admin = Administrator
role-customer-viewer = Viewer

## Navigation
nav-customers = Customers
nav-systems = All integrations
nav-runs = Runs
nav-usage = Usage
nav-group-offer = What you offer
nav-integrations = Available integrations
nav-own = Own systems
nav-self-managed = Self-managed
nav-workflows = Workflows
nav-group-organisation = Your organisation
nav-staff = People
nav-audit = Audit log
nav-settings = Settings
nav-my-integrations = Integrations
nav-my-transfers = What moves
nav-my-usage = Usage
nav-my-services = Who pulls your data
nav-group-account = Your account
nav-my-people = People
nav-my-audit = What was done
nav-host = Health
nav-tenants = Organisations
nav-explain = Why is this (not) running?
nav-group-trust = Trust
nav-connectors = Connectors
nav-trust = Publishers
nav-addresses = Allowed addresses
nav-keys = Keys
nav-group-host = This host
nav-operators = Operators
nav-host-audit = Audit log

## Words that many pages use
status = Status
status-active = Active
status-inactive = Inactive
status-deleting = Being deleted
status-deleted = Deleted
needs-attention = Needs attention
until-day = until { $day }
yes = Yes
no = No
edit = Edit
save = Save
copy = Copy
pick = Pick
pick-one = Pick { $name }
filter-any = Any
filter-more = More filters
filter-apply = Search
filter-clear = Clear filters
pager = Pages
pager-first = First page
pager-next = Next page
form-optional = optional
form-back = Back
confirm-title = Please confirm
confirm-yes = Yes, do it
confirm-no = No, go back
window = Time
window-always = Always
window-begins = Begins { $instant }
window-last = Last access { $instant },
window-ends = ends { $instant } { $zone }
window-start = First day
window-end = Last day + 1
window-hint = Days begin at midnight in { $zone }. The end is the day from which it is no longer possible; empty is without an end.
ask-tenant-admin = What your role does not permit is not shown. Ask an administrator of your organisation.
time-now = just now
time-minute-ago = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
time-minute-in = { $count ->
    [one] in { $count } minute
   *[other] in { $count } minutes
}
time-hour-ago = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
time-hour-in = { $count ->
    [one] in { $count } hour
   *[other] in { $count } hours
}
time-day-ago = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
time-day-in = { $count ->
    [one] in { $count } day
   *[other] in { $count } days
}
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

## Customers
customers-about = Everybody whose data you move, and how they stand.
customers-new = New customer
customers-import = Import a table
customers-name = Name
customers-labels = Labels
customers-labels-hint = Words to find it by, separated by commas.
customers-systems = Systems
customers-since = Since
customers-external-id = Your number
customers-external-id-hint = Its number in your own system.
customers-filter-name = Name contains
customers-filter-status = Status
customers-filter-label = Label
customers-filter-needs-attention = Needs attention
customers-filter-external-id = Your number
customers-filter-connector = Connector
customers-filter-workflow = Workflow
customers-filter-created-from = Since
customers-filter-created-before = Before
customers-filter-sort = Order
sort-name = Name, A first
sort-name-down = Name, Z first
sort-created = Oldest first
sort-created-down = Newest first
customers-many = Those you picked
customers-until = Active again from
customers-until-hint = Empty: until somebody activates it.
customers-reason = Reason
customers-reason-hint = Your colleagues read it.
customers-deactivate = Deactivate
customers-activate = Activate
customers-none = No customers yet
customers-none-about = A customer is somebody whose data you move. Make the first one; it begins inactive.
customers-none-found = Nobody like that
customers-none-found-about = No customer fits all filters at once. Take one away.
done-customers-switched = Those you picked were switched.
done-customer-created = The customer is made. It is inactive until its checklist is done.
done-customer-changed = The changes are saved.
done-customer-activated = The customer is active.
done-customer-deactivated = The customer is inactive. Nothing of it moves.
done-customer-deleting = The deletion has begun.
customer-new-about = A name is enough; the rest can come later. A new customer is inactive.
customer-create = Make the customer
customer-edit-title = Edit { $name }
customer-log-in-as = Log in as
customer-inactive = Nothing of this customer moves.
customer-inactive-about = Its people cannot sign in, and third parties get nothing.
customer-active-from = It is active again from { $instant }.
customer-leaving = This customer is leaving.
customer-leaving-about = Nothing of it moves again, and its data go.
customer-receipt-link = Where the deletion stands, and its receipt
customer-about = About
customer-delete = Delete
contact = Contact
contact-name = Person
contact-email = E-mail
contact-phone = Telephone
quota = What it may use
quota-period = Counted over
quota-records = Records
quota-bytes = Bytes
quota-runs = Runs
quota-pulls = Pages pulled
quota-hint = Empty is without a limit.
period-month = A calendar month
period-ever = All of its time
onboarding = Checklist
onboarding-about = Steps can be done in any order, by anybody, and gone on with later.
onboarding-go = Do this
step-created = Customer is made
step-workflow = Workflow is applied
step-connections = Systems are connected
step-endpoints = Endpoints are set up
step-check = Systems answer
step-active = Customer is active
customer-deactivate = Deactivate { $name }
customer-deactivate-about = Running transfers stop before their next batch, its people are signed out, and third parties get nothing.
customer-open = Log in as { $name }
customer-open-about = You act in this account for one hour. Its people see that you did, and the reason.
customer-open-reason = Reason
customer-open-reason-hint = The customer reads it.
customer-delete-title = Delete { $name }
customer-delete-title-about = This cannot be undone.
customer-delete-warning = Everything of this customer goes, for good.
customer-delete-moves = Its transfers stop, and its access at the platforms is taken back.
customer-delete-people = Its people cannot sign in any more, and third parties' keys end.
customer-delete-data = Its records, credentials and personal data can never be read again, not even from backups.
customer-delete-totals = Usage totals stay on your statements, without the name.
customer-delete-name = Type the name of the customer
deletion = Deletion
deletion-asked = Asked for
deletion-ended = Ended
deletion-platforms = At the platforms
deletion-rows = What went
deletion-table = What
deletion-count = How many
deletion-receipt = Receipt
deletion-receipt-about = This host signed it. Whoever has it can check it with this host's key.
stage-stopping = Stopping
stage-leaving = Leaving the platforms
stage-destroying = Destroying its key
stage-sweeping = Sweeping
stage-done = Done
tab-overview = Overview
tab-systems = Connected systems
tab-endpoints = Endpoints
tab-mappings = Mappings
tab-transfers = Transfers
tab-runs = Runs
tab-services = External services
tab-usage = Usage
tab-people = People
tab-audit = Audit log

## Import
import-about = A table as CSV, with these headings. All lines are looked at before one customer is made.
import-file = Read a file
import-table = Table
import-dry-run = Only say what would be made
import-dry-run-hint = Nothing is changed then.
import-send = Import
import-done = The table is imported
import-tried = This would be imported
import-refused = Nothing was imported
import-created = made
import-would-create = would be made
import-present = there already
import-wrong = Lines that are wrong
import-wrong-about = Correct these lines, and import the table again. Nothing was made.
import-line = Line { $line }
import-again = Another table

## The design system
design = Design
design-about = Every part that pages are made of, in every state, in both themes.
design-type = Type
design-sample-h1 = Orders of the spring
design-sample-h2 = What moved yesterday
design-sample-h3 = Twelve systems
design-sample-text = Nothing moves until it is allowed, inside its window, and weighed.
design-sample-link = A link in a sentence
design-sample-soft = What is good to know, and not needed.
design-states = States
design-actions = Actions
design-primary = What the page is for
design-plain = Something else
design-danger = Cannot be undone
design-small = Small
design-disabled = Under way
design-forms = Forms
design-copied = Copied whole
design-tables = Tables
design-empty = Where nothing is yet
tone-good = Works
tone-warn = Wants somebody
tone-bad = Does not work
tone-busy = Under way
tone-mute = Off
