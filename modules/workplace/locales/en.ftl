### Texts of the workplace, the portal's first page, search, accounts and administration.

### Menus
work-nav-home = Workplace
work-nav-accounts = Accounts
work-nav-queue = Queue
work-nav-settings = Settings
work-nav-record = Record
work-nav-portal = Home
work-nav-search = Search
work-nav-help = Help
work-more = Everything you can open
work-list-comma = {", "}

### First page
work-home-title = Hello, { $name }
work-home-nothing = Nothing waits for you
work-home-waiting =
    { $n ->
        [one] { $n } task waits for you
       *[other] { $n } tasks wait for you
    }
work-home-many = More than { $n } tasks wait for you
work-home-all = All tasks
work-home-steps = What you may do next
work-home-numbers = At a glance
work-weekday-1 = Monday
work-weekday-2 = Tuesday
work-weekday-3 = Wednesday
work-weekday-4 = Thursday
work-weekday-5 = Friday
work-weekday-6 = Saturday
work-weekday-7 = Sunday
work-today = { $weekday }, { $date }
work-today-working = a working day
work-today-off = a day off
work-today-full = Today is { $today }, { $kind }
work-today-special = { $text } ({ $name })
work-today-provisional = { $text }. The holidays of { $year } are not announced yet; this goes by the weekend

### Tasks
work-tasks = Tasks
work-tasks-lead = Soonest due first. In another role you see the tasks of that role.
work-task = Task
work-task-due = Due
work-task-since = Waiting since
work-tasks-empty = No tasks
work-tasks-empty-text = What needs you appears here, and you are told in your inbox.
work-due-none = No date
work-due-late =
    { $days ->
        [one] { $days } day late
       *[other] { $days } days late
    }
work-due-today = Due today
work-due-tomorrow = Due tomorrow
work-due-in = Due in { $days } days
work-due-on = Due { $date }
work-to-inbox = See the inbox
work-to-portal = Back to the home page
work-to-help = Read the help

### Next steps
work-step-account = Open an account
work-step-account-why = Enter name and role, send the person the link; they set their own password.
work-step-settings = Check the settings
work-step-settings-why = Sponsor, telephone and filing numbers stand at the foot of every page.
work-step-settings-missing = The operator or the telephone number is missing: the public finds nobody.
work-step-record = Read the record
work-step-record-why = Who did what and when; filter it, export it.
work-step-inbox = Read your inbox
work-step-inbox-why = Something there is unread.
work-step-search = Search organisations and people
work-step-search-why = Type a name, pinyin or a number and open the file.
work-step-own = Check your account
work-step-own-why = Look over roles and devices, choose language and type size.
work-step-help = Read the help
work-step-help-why = Two minutes on files, drafts and doing it on paper.

### Inbox
work-notice = Notice
work-inbox-unread = Unread
work-inbox-all = All
work-inbox-new = New
work-inbox-none = No messages yet
work-inbox-none-unread = Nothing unread
work-inbox-none-text = Decisions, reminders and the results of imports come here.
work-inbox-read = Mark as read
work-inbox-read-all = Mark all as read
work-inbox-preferences = Message settings
work-preferences-lead = Choose where each kind of message goes. With neither ticked you no longer get that kind.
work-preferences-none = There is nothing to choose yet
work-preferences-none-text = Kinds of message are listed here as functions that send them are added.
work-mail-address = E-mail goes to { $address }.
work-mail-none = Your account has no e-mail address, so e-mail cannot reach you; ask the administrator to add one.

### Signing in, invitations
work-account-name = Account
work-password = Password
work-sign-in-help = No account, or forgot the password? Ask the staff for a new invitation link.
work-sign-in-code = By a code to your mobile
work-sign-in-password = By account and password
work-mobile = Mobile number
work-code-ask = Send me a code
work-code = Code
work-code-title = Type the code
work-code-help = Six digits, good for { $minutes } minutes and on this page only; nobody of ours will ever ask you for it.
work-code-sent = A code is on its way to { $mobile }.
work-code-shown = A demonstration sends no messages. The code is { $code }
work-code-nothing = Nothing came? After a minute you can ask once more.
work-code-again = Send it again
work-code-voice = Call me instead
work-code-trouble = If the number is no longer yours, sign in by account and password, or ask us.
work-code-message = Your code is { $code }, good for { $minutes } minutes. It signs you in to Jinmen or makes this number yours. Tell nobody.
work-mobile-bind = Signing in by mobile
work-mobile-help = Once a number is yours, a code sent to it signs you in. With a new number, do this again; the old one ends.
work-mobile-new = The mobile number
work-mobile-account-help = May be left empty; with it a code to the mobile signs in.
work-mobile-password = First the password, so that nobody does this while you are away.
work-mobile-confirm = Make it mine
work-flash-mobile = The mobile number is yours
work-password-old = Present password
work-password-new = New password
work-password-again = New password again
work-password-rule = At least { $least } characters, best a sentence that only you would think of; without the account name, and not put together from common words, names and years.
work-password-change = Change the password
work-password-help = Other devices are then signed out and access tokens end; this device stays signed in.
work-invitation = Set your password
work-invitation-for = This invitation is for { $name }, account { $account }.
work-invitation-text = If that is not you, please close this page. Setting the password signs you in and ends the link.
work-invitation-until = The link is valid until { $date }.
work-invitation-accept = Set the password and sign in
work-invitation-gone = This invitation has ended
work-invitation-gone-text = It was used, has expired, or was replaced by a newer one. If you have set a password, sign in; otherwise ask the staff for a new link.
work-invitation-link = Invitation link (shown only now)
work-invitation-link-text = Send it to the person over a channel you trust. It is valid for two weeks and works once.
work-invitation-new = Make a new invitation link
work-invitation-new-help = A new link ends the old one at once; with it the person can set a new password. Stopping an account signs it out everywhere at once.

### My account
work-display-name = Name
work-email = E-mail
work-account-since = Opened
work-language = Language
work-language-zh = 中文
work-language-en = English
work-size = Type size
work-size-large = Large
work-size-normal = Normal
work-account-wrong = If your name, e-mail or a role is wrong, please tell the staff.
work-account-roles-none = No role yet; please ask the staff.
work-roles = Roles
work-roles-none = No role yet: after signing in there is no work to see.
work-role = Role
work-role-of = { $role } (of an organisation)
work-organization = Organisation
work-role-period = Period
work-state = State
work-period-open = No end
work-period-from = From { $from }
work-period-until = Until { $until }
work-period = { $from } to { $until }
work-role-revoked = Taken back
work-role-in-force = In force
work-role-later = Not yet
work-role-ended = Ended
work-devices = Signed-in devices
work-devices-help = Sign out any device you do not know, then change your password.
work-device-this = This device
work-device-unknown = Unknown device
work-device-seen = Last used { $ago }
work-device-since = Signed in { $when }
work-device-revoke = Sign it out
work-own-data = My data
work-own-data-text = You may see, correct, export and delete your personal information, and withdraw any consent you gave.
work-own-data-rights = How to use these rights

### Background work
work-queue = Background work
work-queue-lead = Imports, mail and other long work wait in line here. What fails is tried again by itself; after several failures it stops and waits for you.
work-queue-all = All
work-queue-none = Nothing here
work-queue-none-text = Long work will wait in line here.
work-queue-retry = Try again
work-queue-why = Why the last attempt failed
work-job-notify-mail = Sending mail
work-job-state-waiting = Waiting
work-job-state-running = Running
work-job-state-done = Done
work-job-state-dead = Failed
work-job-state-cancelled = Stopped
work-job-is-waiting = Waiting in line, about to begin
work-job-is-running = Working
work-job-is-done = Done
work-job-is-dead = Tried several times without success; stopped
work-job-is-cancelled = Stopped as asked
work-job-again = The last attempt failed; it will be tried again by itself
work-job-steps = { $text } ({ $done } / { $all })
work-job-result = See the result
work-job-asked = Asked for { $when }
work-job-ended = Ended { $when }
work-job-attempts =
    { $n ->
        [one] { $n } attempt
       *[other] { $n } attempts
    }
work-job-failed-help = Nothing you sent is lost. Try again later; if it still fails, call the staff:
work-job-leave = You may leave this page; the work goes on. Come back whenever you like.

### Accounts
work-accounts = Accounts
work-account = Name and account
work-accounts-search = Name or account
work-accounts-new = Open an account
work-accounts-new-lead = You get an invitation link to send to the person, who sets the password. Administrators neither set nor see anybody's password.
work-accounts-open = Open the account
work-accounts-none = No account fits
work-accounts-none-text = Try another spelling, or open a new account.
work-account-name-help = For signing in: 2 to 64 letters, digits, Chinese characters or . _ - @
work-email-help = For notices by mail; may stay empty.
work-display-name-help = Shown on pages, in tasks and in the record.
work-role-help = Those marked “of an organisation” also need the organisation.
work-role-from-help = Empty for at once.
work-data-role = Role
work-data-organization = Organisation
work-data-person = Person
work-data-account = Account
work-data-device = Device
work-data-address = Network address
work-data-name = Name
work-data-from = From
work-data-until = Until
work-data-format = Format
work-data-kind = Kind
work-data-separator = {"; "}
work-account-active = Active
work-account-invited = No password yet
work-account-stopped = Stopped
work-account-stop = Stop the account
work-account-let-in = Let it in again
work-new-person = The person
work-new-person-help = A personal file is opened too, with nothing but the name.
work-new-role = The first role
work-new-role-help = Roles decide what one sees and does; more can be given later.
work-organization-help = Name, social credit code or identifier. Needed for roles of an organisation.
work-role-from = First day
work-role-until = Last day
work-role-until-help = Empty for no end; it ends by itself.
work-role-give = Give a role
work-role-revoke = Take back

### Settings
work-settings = Platform settings
work-settings-lead = Shown at the foot of every page, in the privacy notice and the help. Every change is recorded.
work-save = Save
work-settings-names = Name of the platform
work-settings-names-help = 津门 where it is empty.
work-settings-name-zh = Name (Chinese)
work-settings-name-en = Name (English)
work-settings-bodies = Sponsor and operator
work-settings-bodies-help = So that the public knows who answers for the platform.
work-settings-sponsor-zh = Sponsor (Chinese)
work-settings-sponsor-en = Sponsor (English)
work-settings-operator-zh = Operator (Chinese)
work-settings-operator-en = Operator (English)
work-settings-reach = How to reach you
work-settings-reach-help = The telephone stands on every public page; give one that somebody answers.
work-settings-telephone = Telephone
work-settings-telephone-help = Such as 022-12345678.
work-settings-address-zh = Address (Chinese)
work-settings-address-en = Address (English)
work-settings-filings = Filings
work-settings-filings-help = In full, as the authority issued them.
work-settings-icp = ICP filing number
work-settings-police = Public-security filing number

### Record
work-record = Record of actions
work-record-lead = Who did what to what, and when. The record only grows; exporting it is recorded too.
work-record-what = What
work-record-who = Who
work-record-object = On what
work-record-when = When
work-record-since = From
work-record-until = To
work-record-account = Account
work-record-action = Action code begins with
work-record-system = The system ({ $part })
work-record-nobody = A visitor
work-record-forgotten = { $text } (content deleted as the rules ask)
work-record-none = No entry fits
work-record-none-text = Widen the dates or drop a filter.
work-chip = { $name }: { $value }
work-export-mark = Exported by { $name }, { $when }
work-column-at = Time
work-column-action = Action code
work-column-text = Action
work-column-actor = Who
work-column-account = Account
work-column-role = Role
work-column-object-kind = Kind of object
work-column-object-id = Object
work-column-data = Data
work-object-account = Account
work-object-person = Person
work-object-organization = Organisation
work-object-instance = The platform
work-object-job = Background work
record-work-job-retried = Background work started again
record-work-record-exported = Record exported ({ $format })

### What was done
work-flash-hat = You now act in the other role.
work-flash-welcome = Password set. Welcome!
work-flash-read = All marked as read.
work-flash-saved = Saved.
work-flash-password = Password changed; other devices are signed out.
work-flash-device = The device is signed out.
work-flash-cancel = Asked to stop; it does so after the step under way.
work-flash-account = The account is open.
work-flash-role = The role is given.
work-flash-role-revoked = The role is taken back.
work-flash-stopped = The account is stopped and signed out everywhere.
work-flash-let-in = The account may sign in again.
work-flash-invited = A new invitation link is ready.
work-flash-settings = Settings saved.
work-flash-retry = Back in line.

### Faults
fault-work-organization-needed = This role is held for an organisation; say which
fault-work-organization-unwanted = This role belongs to no organisation; leave the organisation empty
fault-work-organization-unknown = No such organisation; check the name or the social credit code
fault-work-organization-several = Several fit: { $names }. Give the full name or the social credit code
fault-work-role-held = This role is held already
fault-work-own-account = You cannot stop your own account
fault-work-own-role = You cannot take back the role you are using
fault-work-account-stopped = The account is stopped; let it in again first
fault-work-telephone = A telephone number has digits, spaces and + - ( ) only
fault-work-draft-object = A draft is a JSON object

### Portal
work-portal-lead = Alliance, park, policies, competitions, talent, training and conferences on one platform. One file per organisation, filled in once and used everywhere; every answer comes with its grounds.
work-portal-welcome = What you can do here
work-portal-file = One file per organisation
work-portal-file-kicker = Find
work-portal-file-text = Look up member units by name, pinyin or code and read what is public.
work-portal-rule = Rules that explain themselves
work-portal-rule-kicker = Understand
work-portal-rule-text = Whether one qualifies, what falls short and what is missing, clause by clause.
work-portal-door = One door for everything
work-portal-door-kicker = Apply
work-portal-door-text = Join, compete, apply, move in, enrol: sign in and begin with your tasks.
work-next = Next
work-onward-work = Go to the workplace
work-onward-work-text = See what waits for you.
work-onward-sign-in = Sign in
work-onward-sign-in-text = For member units, the park, district offices and individuals.
work-onward-search = Find an organisation
work-onward-search-text = Who belongs to the alliance, and what they do.
work-onward-api = Connect a program
work-onward-api-text = What the pages do, programs can do: documentation and examples.
work-demo-title = See it as somebody else
work-demo-text = This is a demonstration: one tap lets you in under a role, without a password.
work-demo-public = The public
work-demo-public-text = What one sees without signing in: this page, the search, public files.
work-demo-secretariat-text = Looks after close to 200 member units; begins with today's tasks.
work-demo-district-officer-text = Reads the files of the district's organisations and finds those that qualify.
work-demo-enterprise-admin-text = Keeps the one file of an enterprise and sees what it still lacks.
work-demo-talent-text = One profile of one's own; who may see it is one's own choice.
work-demo-judge-text = Scores pitches on a phone and reads blind papers.
work-demo-supervisor-text = Watches draws, checks tallies, confirms results.
work-demo-system-admin-text = Opens accounts, checks settings, tends background work.
work-demo-audit-admin-text = Reads who did what and exports the record.

### Search
work-search-title = Search for “{ $typed }”
work-search-found =
    { $n ->
        [one] { $n } result for “{ $typed }”
       *[other] { $n } results for “{ $typed }”
    }
work-search-ask = What are you looking for?
work-search-ask-text = Type a name, a short name, pinyin, a social credit code or a number.
work-search-none = Nothing found for “{ $typed }”
work-search-none-text = Try a shorter name or pinyin. Some things are only found after signing in.

### Text pages
work-contents = On this page
work-operator-unnamed = the operator of this platform
work-telephone-unnamed = the telephone number announced by the platform
work-call = Would you rather talk to somebody? Call { $operator }.

work-privacy = Privacy notice
work-privacy-lead = What personal information { $operator } handles on this platform, why, for how long, and what you may ask for.
work-privacy-handler = Who handles it
work-privacy-handler-text =
    The handler of personal information is { $operator }, telephone { $telephone }. Call this number with any question about this notice and to use the rights below; a person is in charge of them.
work-privacy-purposes = What for
work-privacy-purposes-text =
    Only for the following purposes:

    - opening accounts, knowing who signs in, keeping accounts safe;
    - handling what you or your organisation apply for, declare, enrol in or move into;
    - telling you what concerns you: results, deadlines, what to complete;
    - keeping the records of decisions and actions that the law asks for;
    - with your separate consent, showing your profile or contact details to those you agreed to.

    The ground is that it is needed for what you take part in, for a statutory duty, or your consent. Consent may be withdrawn at any time.
work-privacy-kinds = Which information
work-privacy-kinds-text =
    - account: name, account name, a check value of the password that cannot be turned back, e-mail, choice of language and type size;
    - roles: which organisation you act for, as what, for how long;
    - contact details and identity numbers: collected only where a matter needs them, kept encrypted, shown masked; every look at a full number is recorded;
    - what you send and fill in, including drafts not yet sent;
    - signing in: time, kind of device, network address.

    Figures of an enterprise that tax or statistics offices hold are used only with its authorisation or where a law says so.

    The platform handles no state secrets: please enter or upload nothing classified anywhere.
work-privacy-keeping = How long
work-privacy-keeping-text =
    - accounts and roles: while in use; afterwards only so that what was done can be checked;
    - applications and decisions: as the rules on archives ask;
    - drafts: deleted ninety days after the last change if not sent;
    - sessions: end after twelve hours without use and after thirty days at the latest;
    - the record of actions: kept; where personal information must be deleted, its content in the record goes too and only the proof that something was done stays.
work-privacy-sharing = Who receives it
work-privacy-sharing-text =
    The body that handles your application sees what that application needs; judges see what judging needs; public pages show what the law or your consent makes public.

    Lists for outreach say whether somebody qualifies, not the figures. The platform sells no personal information, sends none abroad and loads no statistics or advertising of third parties.
work-privacy-security = How it is protected
work-privacy-security-text =
    Transmission is encrypted; identity and telephone numbers are kept encrypted; of passwords only a check value is kept that nobody can read; roles decide who sees what, and by default nobody does; important actions are recorded and can be checked. Should a leak happen, we report it as the rules ask and tell you.
work-privacy-rights = Your rights and how to use them
work-privacy-rights-text =
    - see and copy: signed in, under “My account”; for a full copy call { $telephone }; you get it within fifteen working days after we know it is you;
    - correct and complete: change it in your own file; verified values are corrected after the body in charge has checked;
    - delete: when the purpose is reached, it is no longer needed or you withdraw consent; unless a law requires keeping it, which we then explain;
    - withdraw consent: in your own file at any time; what was lawfully done before stays lawful;
    - explanation and appeal: of any computed answer you may ask for its grounds and for a person to look again;
    - complain: also to the authorities that protect personal information.
work-privacy-cookies = Cookies
work-privacy-cookies-text =
    Only what is needed: being signed in, language, type size, and the message after an action. None that track, hence no banner.
work-privacy-minors = Minors
work-privacy-minors-text =
    Children under fourteen use the platform only with the consent and through their guardians.
work-privacy-changes = Changes
work-privacy-changes-text =
    Changes are published here. Before purposes or scope grow we tell you by message, and ask for consent again where it is needed.

work-accessibility = Accessibility
work-accessibility-lead = Everybody should get things done on their own: with the keyboard, a screen reader, large type or an old phone.
work-accessibility-standard = The standard
work-accessibility-standard-text =
    Pages are designed to GB/T 37668 and to level AA of the Web Content Accessibility Guidelines (WCAG) 2.2.
work-accessibility-done = What works
work-accessibility-done-text =
    - everything can be done with the keyboard alone, and the focus is always visible;
    - pages have clear headings, regions and labels that screen readers follow;
    - text has a contrast of at least 4.5 to 1, and no state is told by colour alone;
    - on phones tables become cards, one decision a screen, with large enough buttons;
    - mistakes are named with what to do, and nothing typed is lost;
    - signing in, searching, filling in and sending work without scripts.
work-accessibility-ways = How to adjust it
work-accessibility-ways-text =
    At the top of every page you choose large type and the language; the choice is remembered, and once signed in it holds on all your devices. At 400 % zoom nothing is cut off.
work-accessibility-limits = What does not yet
work-accessibility-limits-text =
    Scans and pictures that users upload may lack a description; some graphs and charts are complex, so each comes with the same content as a list or a table.
work-accessibility-tell = Tell us about obstacles
work-accessibility-tell-text =
    Call { $operator }: { $telephone }. You have an answer within five working days; until it is mended the staff can do it for you, and paper is accepted.

work-help = Help
work-help-lead = Three things to remember: begin with your tasks, fill in the file only once, and call when in doubt.
work-help-start = Where to begin
work-help-start-text =
    After signing in you see the workplace: what waits for you comes first, then what you may sensibly do next. With nothing waiting you may go.

    To find an organisation, a person or a number use the search field at the top; Chinese and pinyin both work.
work-help-account = Account and password
work-help-account-text =
    The staff open accounts and send you an invitation link, with which you set your own password. It is valid for two weeks and works once.

    - forgot the password: call { $telephone }; once we know it is you, you get a new link;
    - wrong several times: try again after fifteen minutes; nobody else is affected;
    - new phone or computer: just sign in; under “My account” you sign the old one out.
work-help-roles = One person, several roles
work-help-roles-text =
    You may act for an enterprise and also be a judge. “Acting for” at the top says for whom you act; one tap changes it. When a link says there is nothing to show, look first whether the role is the right one.
work-help-file = One file per organisation
work-help-file-text =
    Every organisation has one file. What it holds is filled in for you whenever you apply; you add only what is missing or out of date. The dot beside each value says where it comes from: declared, imported, computed or verified.
work-help-draft = Half filled in
work-help-draft-text =
    Longer forms are saved while you type; the time stands below the form. Leave, lose the network or change the device, and it is still there. What cannot be undone is said before you send it.
work-help-paper = On paper
work-help-paper-text =
    Every step can be done on paper: print, sign, stamp, hand it in; it is scanned and compared by two people. A colleague may act for you with an authorisation that is recorded.
work-help-verify = Is it genuine?
work-help-verify-text =
    Certificates, results and agreements carry a tamper-evident number that anybody can check, without signing in and without having to trust whoever issued them.
work-help-api = By program
work-help-api-text =
    What the pages do, programs can do. Every operation of the API documentation has an example to copy.
work-help-people = Talk to somebody
work-help-people-text =
    { $operator }, telephone { $telephone }. Tell us the title of the page, and the request number if there is one: that finds the cause faster.

### API documentation
work-docs-api = API documentation
work-docs-problems = Problem codes
work-docs-lead = What the pages do, programs can do: same rules, same permissions, same record.
work-docs-start = Read this first
work-docs-session = Sign in once with account and password and send the cookie with what follows; you may what your present role on the pages may.
work-docs-once = Send an Idempotency-Key with what must happen once; a repeat gets the first answer and does nothing again.
work-docs-lists = Lists are read with after and limit: send the next of one page as the after of the following.
work-docs-refusals = Refusals are RFC 9457 problem documents; the code is stable, the words are in your language.
work-docs-count =
    { $n ->
        [one] { $n } operation
       *[other] { $n } operations
    }
work-docs-parameters = Parameters
work-docs-body = Body
work-docs-answers = Answers
work-docs-example = Example of { $status }
work-docs-try = Try it
work-api-tag-session = Session and roles
work-api-tag-work = Workplace
work-api-tag-codes = Code lists
work-api-sign-in = Sign in
work-api-ask-code = Send a code to a mobile number
work-api-enter-by-code = Sign in by a code
work-api-sign-out = Sign out
work-api-me = Who am I, in which roles
work-api-change-hat = Change the role
work-api-tasks = My tasks
work-api-inbox = My inbox
work-api-read-notice = Mark a notice as read
work-api-code-lists = Which code lists there are
work-api-code-list = Look up codes
work-api-record = Record of actions
work-api-job = Progress of background work
work-problems-lead = The type of a problem document points here. Codes never change and are for programs; title and detail are for people.
work-problems-faults = For wrong input (422) faults lists field, code and sentence of each; where the state of things forbids it (409) the code says why, such as access.role_revoked.
work-problem-access-sign-in = An unknown account, a wrong password and a stopped account get the same answer.
work-problem-too-large = The detail says how much is taken; compress or split it.
work-problem-invalid = faults lists everything that is wrong; mend it all and send again.
work-problem-too-many = Wait as many seconds as Retry-After says.

### Links in messages
work-link = Link from a message
work-link-for = This link is for the number { $mobile } only. A code will be sent there; passed on, the link is worth nothing.
work-link-until = Good until { $when }, once.
work-link-code = Send a code to this number
work-link-gone = This link no longer works
work-link-gone-text = It was used or has ended. Sign in, or ask for another.

### Deputies
work-deputies = Standing in
work-deputies-lead = When you are away, a colleague may act as “{ $hat }”; the record says for whom.
work-deputies-no-hat = You wear no hat that could be lent.
work-deputies-not-yours = This hat cannot be lent.
work-deputies-none = Nobody stands in
work-deputies-none-text = It holds for the days given, and can be ended at any time.
work-deputy = Colleague
work-deputy-action = Action
work-deputy-end = End
work-deputy-new = Ask a colleague
work-deputy-help = 92 days at most; the colleague must hold a role in the same organisation.
work-deputy-appoint = Appoint
work-deputy-reason = Why
work-colleague = The colleague's account or mobile number
work-colleague-help = Somebody of your organisation who has an account.
work-flash-deputy = Appointed.
work-flash-deputy-ended = Ended.
fault-work-colleague-unknown = Nobody of your organisation has this account or number
fault-work-role-of-security = The three administrators are named by the security administrator

### Decisions of two people
work-decisions = Decisions of two people
work-decisions-lead = What is ticked takes two signatures. Where there is one person only, the decision says so and the supervisor gets to see it.
work-decisions-two = Take two people
work-record-number = Number
work-record-unplaced = In a moment
work-column-number = Number
record-record-key-rotated = Changed a signing key
fault-record-not-open = The record is not signed yet: start jinmen serve once
fault-record-beyond = The record has { $size } entries; give a number not above that
fault-record-key-unused = The record is not signed with { $algorithm }
fault-record-key-sealed = The master key is another one: the signing keys cannot be opened

## Tokens for programs
work-tokens = Access tokens
work-tokens-lead = A token lets a program use the API under one of your roles, without your password.
work-tokens-text = A token works on the API only; it cannot sign in, change passwords or make tokens. It ends when the password changes, the account is stopped or the role ends.
work-tokens-none = No tokens yet
work-tokens-none-text = Make one when a program is to read or report data.
work-token = Token
work-token-name = What it is for
work-token-name-help = For example “nightly import of the finance system”, so that you know it later.
work-token-hat = Under which role
work-token-hat-gone = Its role has ended; it opens nothing
work-token-life = How long it lives
work-token-days = { $days } days
work-token-scopes = Scopes
work-token-scopes-help = Only what the program needs; a token never may more than the role.
work-token-every = Read everything that the role may see
work-token-read = { $area }: read
work-token-write = { $area }: read and change
work-token-and = { ", " }
work-token-until = Valid until
work-token-used = Last used
work-token-unused = Never
work-token-action = Action
work-token-revoke = Revoke
work-token-new = A new token
work-token-new-help = Making and revoking it are recorded.
work-token-password = Your password once more, before a token is made.
work-token-make = Make the token
work-token-secret = Copy the token now
work-token-secret-text = It is shown this once only. Keep it in a safe place, not in source code.
work-flash-token = The token is made.
work-flash-token-revoked = The token is revoked and works no more.
work-area = Own workplace
work-tokens-manage = Manage tokens
work-problem-token-scope = The token lacks the scope that this takes; the header WWW-Authenticate names it.

## The second proof at sign-in
work-second = Two-step verification
work-second-lead = Besides the password or the code by telephone, signing in then takes six digits from an authenticator app: a stolen password alone opens nothing.
work-second-manage = Set it up or change it
work-second-on = Two-step verification is on
work-second-left = On since { $since }; { $left } recovery codes are left.
work-second-off = Two-step verification is off
work-second-off-text = When you turn it on, your other devices are signed out.
work-second-scan = First: scan this with an authenticator app
work-second-scan-text = Any app that knows TOTP will do: Aegis, FreeOTP, Microsoft or Google Authenticator. Do not pass the picture on.
work-second-type = Where you cannot scan, type this key:
work-second-open = Open in an app on this device
work-second-confirm = Then: type the digits that the app shows
work-second-confirm-help = It counts once they are right.
work-second-code = Six digits
work-second-code-help = From the authenticator app; without your telephone, type a recovery code.
work-second-set = Turn it on
work-second-codes = Recovery codes: write them down or print them now
work-second-codes-text = When the telephone is lost, each of these signs you in once instead of the digits. They are shown this once; keep them apart from the telephone.
work-second-codes-new = New recovery codes
work-second-codes-new-help = The old ones are then worth nothing.
work-second-renew = Make new ones
work-second-remove-title = Turn it off
work-second-remove-help = Signing in then takes the password or the code by telephone alone. A role of an administrator may rest.
work-second-remove = Turn it off
work-second-ask = One more step
work-second-ask-text = Please open the authenticator app on your telephone.
work-second-lost = If both the telephone and the recovery codes are lost, ask the system administrator to reset this.
work-second-reset = Reset two-step verification
work-flash-second = Two-step verification is on; other devices are signed out.
work-flash-second-codes = There are new recovery codes; the old ones are worth nothing.
work-flash-second-off = Two-step verification is off.
work-flash-second-reset = Two-step verification is reset; the person is told.
work-security = Security of sign-in
work-nav-security = Sign-in security
work-security-lead = How people prove who they are. Changes are recorded.
work-security-second = The system, security and audit administrators need two-step verification
work-security-second-help = The role of an administrator without it rests until it is set up. Set up your own first.
fault-work-second-first = Set up two-step verification for your own account first.
notice-work-security = Security of sign-in
notice-work-security-text = Something about how you sign in has changed.
notice-work-security-reset-text = The system administrator reset your two-step verification. If you did not ask for it, get in touch at once.
notice-work-security-removed-text = Your two-step verification was turned off. If that was not you, change your password at once.
notice-work-security-recovery-text = Somebody signed in to your account with a recovery code. If that was not you, change your password at once.
notice-work-security-password-text = Your password was changed. If that was not you, call the system administrator at once.
notice-work-security-device-text = Your account was opened on a new device or network: { $device }, { $address }. If that was not you, sign that device out under “My account” and change your password.
notice-work-security-set-text = Your two-step verification was turned on. If that was not you, change your password at once.
notice-work-security-codes-text = You have new recovery codes; the old ones are void. If that was not you, change your password at once.
notice-work-security-rekeyed-text = The platform changed its master key, which voids your recovery codes; make new ones on the page of two-step verification.
