### Texts that all modules share: roles, frame, problems, common faults.

### Roles
role-secretariat = Alliance secretariat
role-park-operator = Park operator
role-district-officer = District officer
role-enterprise-admin = Enterprise administrator
role-enterprise-handler = Enterprise handler
role-judge = Judge
role-supervisor = Supervisor
role-talent = Individual
role-partner = Partner alliance
role-system-admin = System administrator
role-security-admin = Security administrator
role-audit-admin = Audit administrator

### Frame
module-hat = { $organization } · { $role }
module-no-hat = No role yet
module-more = More
module-not-here-sign-in = If you may see it, signing in brings you back here.
module-not-here-hat = You are acting as “{ $hat }”. Another role may open it:
module-request = Request { $number }; quote it when you ask for help.

### Problems: title and what to do
problem-core-not-found = Nothing to show here
problem-core-not-found-detail = The address may be wrong, or another role may be needed.
problem-core-sign-in = Please sign in
problem-core-sign-in-detail = Signing in brings you back here.
problem-core-invalid = Some entries need attention
problem-core-invalid-detail = Please correct what is listed below and send again.
problem-core-stale = Changed by somebody else meanwhile
problem-core-stale-detail = Reload, look at the newest state, then change it.
problem-core-unavailable = Not available at the moment
problem-core-unavailable-detail = The database does not answer; what you sent may not have been saved. Try again in a few seconds: nothing is done twice.
problem-core-internal = Something went wrong here
problem-core-internal-detail = What you sent was not saved. Try again later; if it persists, quote the request number.
problem-core-origin = Unknown origin
problem-core-origin-detail = Please send the form from this site's own page.
problem-core-method = Method not supported
problem-core-method-detail = Please use the buttons of the pages, or see the API documentation.
problem-core-timeout = Took too long
problem-core-timeout-detail = Please try again later.
problem-core-media-type = Unsupported media type
problem-core-media-type-detail = The API takes application/json.
problem-core-bad-request = The request cannot be read
problem-core-bad-request-detail = Check the address and the content, then try again.
problem-conflict = Not possible in the present state
problem-core-too-large = Too large
problem-too-large-detail = At most { $mb } MB; please compress or split it.
problem-core-too-many = Too many tries
problem-too-many-detail = Please try again in { $minutes } minutes.

### Faults: platform
fault-core-required = Please fill this in
fault-core-already-done = This was done already and not done again. Reload to see the result.
fault-core-cursor = The cursor is not valid; start from the first page
fault-core-form = The form cannot be read; reload the page and fill it in again
fault-core-json = The JSON cannot be read: { $reason }
fault-core-query = The query cannot be read: { $reason }
fault-core-form-token = The page has expired; reload and send again
fault-core-idempotency-key = The Idempotency-Key must be 1 to 128 visible characters
fault-core-period = The end must not be before the beginning
fault-core-role = There is no such role
fault-core-sheet-full = More rows than a sheet holds; narrow the filter or export CSV
fault-core-too-long = At most { $most } characters
fault-core-choice = Please choose from the list
fault-core-integer = Please enter a whole number
fault-core-text = Contains characters that cannot be used
fault-core-email = This is not an e-mail address
fault-core-website = A web address begins with http:// or https://
fault-core-version = Read the newest state first (If-Match)
fault-access-sign-in = Account or password is wrong
fault-access-code = The code is wrong or too old; a number without an account gets the same answer
fault-access-mobile-taken = Another account has this mobile number
fault-access-account-name = 2 to 64 characters: letters, digits, Chinese characters and . _ - @
fault-access-account-taken = This account name is taken
fault-access-password-short = A password has at least { $least } characters
fault-access-password-long = A password has at most { $most } characters
fault-access-password-weak = The password must not contain the account name
fault-access-password-common = Too easy to guess: made of common words, names, years, neighbouring keys or repetition. Take a sentence that only you would think of
fault-access-password-old = The present password is wrong
fault-access-password-again = The two passwords differ
fault-access-role-revoked = This role was taken back already
fault-files-name = The file's name cannot be used; rename it and try again
fault-files-missing = Please choose a file
fault-record-half-forgotten = The record entry is incomplete

### Faults: identifiers, money, dates
fault-uscc-length = A social credit code has 18 characters, this has { $found }
fault-uscc-character = Character { $position } “{ $found }” cannot stand in a social credit code (no I, O, S, V, Z)
fault-uscc-check = The check character should be { $expected }, not { $found }; please compare with the licence
fault-uscc-part = A part of the social credit code ({ $part }) is wrong
fault-uscc-unknown-department = Registration department “{ $department }” is not in the list
fault-uscc-unknown-kind = Kind “{ $department }{ $kind }” is not in the list
fault-uscc-unknown-region = Region { $region } is not in the current list
fault-uscc-inner-check = The inner organisation code's check should be { $expected }, not { $found }
fault-resident-id-length = A resident ID has 18 characters, this has { $found }
fault-resident-id-old-form = Please give the 18-digit number; 15-digit numbers are no longer used
fault-resident-id-character = Character { $position } cannot stand in a resident ID
fault-resident-id-birth-date = The birth date in the resident ID does not exist
fault-resident-id-future-birth-date = The birth date in the resident ID lies in the future
fault-resident-id-check = The resident ID's check digit is wrong; please compare
fault-resident-id-part = A part of the resident ID ({ $part }) is wrong
fault-mobile-length = A mobile number has 11 digits, this has { $found }
fault-mobile-character = Character { $position } of the mobile number is not a digit
fault-mobile-prefix = This is not a mainland China mobile number
fault-money-empty = Please enter an amount
fault-money-malformed = “{ $text }” is not an amount; write 1234.56 or 12.5万元
fault-money-currency = “{ $text }” is not an amount in CNY
fault-money-fraction-of-fen = “{ $text }” has fractions of a fen; two decimals at most
fault-money-overflow = The amount is too large
fault-money-zero-divisor = Cannot divide by zero
fault-ratio-empty = Please enter a ratio
fault-ratio-malformed = “{ $text }” is not a ratio; write 3.5%
fault-ratio-overflow = The ratio is out of range
fault-ratio-zero-denominator = The denominator cannot be zero
fault-date-empty = Please enter a date
fault-date-malformed = “{ $text }” is not a date; write 2021-05-20
fault-date-incomplete = “{ $text }” is incomplete; the day is needed
fault-date-no-such-day = There is no day { $year }-{ $month }-{ $day }
fault-date-year-out-of-range = The year { $year } is out of range
fault-date-excel-serial = The Excel date number { $serial } is out of range
fault-period-reversed = The end { $until } is before the beginning { $from }
fault-working-days-before-data = There is no calendar of working days before { $first_year }
fault-working-days-out-of-range = Outside the calendar of working days
fault-working-days-reversed = The end is before the beginning
fault-working-days-data = Line { $line } of the calendar is wrong: { $reason }
fault-enterprise-size-missing = Missing figures: { $indicators }
fault-enterprise-size-not-applicable = Industry { $code } has no size classes
fault-enterprise-size-too-broad = Industry { $code } is too broad; choose a class
fault-enterprise-size-unknown-industry = There is no industry { $code }

### What was done: platform
record-access-account-created = Account opened
record-access-mobile-bound = Mobile number made one's own
record-access-mobile-lost = Mobile number went over to whoever holds it now
record-access-mobile-set = Mobile number given
record-access-account-disabled = Account disabled
record-access-account-enabled = Account enabled
record-access-account-invited = Invitation made
record-access-invitation-accepted = Invitation accepted, password set
record-access-password-changed = Password changed
record-access-role-granted = Role given
record-access-role-revoked = Role taken back
record-access-session-opened = Signed in
record-access-session-closed = Signed out
record-access-sign-in-failed = Failed to sign in
record-access-password-refused = Typed a wrong password while signed in
record-module-settings-changed = Platform settings changed

### Mail and terminal
module-mail =
    { $text }
    
    Sign in to see it: { $address }
module-cli-not-found = There is no such thing
module-cli-import-id = Writing import { $id }
module-cli-import-later = The import is not finished; the server goes on with it when it runs. The reason:
module-cli-demo = The demonstration is ready; open
module-cli-stop = The first page enters any role in one tap; Ctrl+C stops.
module-cli-demo-bodies = Opening the files of the alliance and its partners…
module-cli-demo-members = Writing 204 member units…
module-cli-demo-people = Writing people and accounts…
module-cli-demo-history = Filling in three years of figures, and verifying some…
module-cli-demo-desk = Laying out tasks, notices and papers…
module-cli-demo-half = The demonstration here is only half filled. Delete the folder and run jinmen demo again.

### Cases and notices
fault-cases-comment-empty = Please write something
fault-cases-comment-long = At most { $most } characters
fault-cases-tag-empty = Please name the tag
fault-cases-tag-long = A tag has at most { $most } characters
fault-cases-tags-many = At most { $most } tags
fault-cases-draft-fields = Too much for a draft: at most { $most } entries
fault-notify-mail-unprotected = A mail server elsewhere must be reached encrypted
fault-notify-mail-from = The sender's address is not valid
record-cases-comment-added = Comment
record-cases-comment-removed = Comment removed
record-cases-tag-added = Tag added
record-cases-tag-removed = Tag removed
record-cases-file-attached = Document added
record-cases-file-detached = Document removed

### Demonstration: what waits and what is new
task-demo-member-check = Check what a member added: { $organization }
task-demo-address-check = Check a change of address: { $organization }
task-demo-thin-files = Remind { $count } organisations whose files are less than half complete
task-demo-expert-letters = Check the terms of { $count } letters of appointment
task-demo-complete-file = Complete what your organisation's file still lacks
task-demo-confirm-figures = Confirm the verified figures of { $year }
task-demo-verify-figures = Verify the R&D spend of { $organization } in { $year }
task-demo-complete-profile = Complete your profile, so that suitable offers find you
notice-demo-claimed = A member claimed its file
notice-demo-claimed-text = { $organization } claimed its file
notice-demo-changed = A file changed
notice-demo-changed-text = { $organization } changed its file
notice-demo-verified = Figures verified
notice-demo-verified-text = The district verified your revenue and tax of { $year }
notice-demo-asked = The alliance asks
notice-demo-asked-text = The alliance collects technical needs: please check "Needs" in your file

### Acting for others
fault-access-role-to-oneself = Nobody gives a role to themselves
fault-access-roles-separated = The system, security and audit administrators must be three different people
fault-access-deputy-of-deputy = A deputy names no deputy, and the three administrators have none
fault-access-deputy-oneself = Name a colleague, not yourself
fault-access-deputy-days = { $days } days at most, and not beyond your own role
fault-access-deputy-there = This colleague stands in already
fault-cases-own-work = Somebody else must decide what you prepared
fault-cases-second-person = A second person must sign
record-access-deputy-appointed = Appointed a deputy
record-access-link-made = Made a link for a message
record-cases-decision-signed = Signed a decision
record-cases-decision-seen = Supervisor saw a decision of one person
record-module-decisions-changed = Changed which decisions take two
task-cases-second = Sign as second person: { $name }
task-cases-alone = Look at a decision of one person: { $name }

## Parts of pages
module-by-system = The system
module-aside = Overview and actions
fault-notify-robot-address = The address should begin with “{ $start }”; copy it whole from the group's settings
fault-notify-robot-no-secret = WeCom's robots have no secret; leave it empty
fault-notify-robot-secret = This is no secret; copy it again
problem-core-token = The token is not valid
problem-core-token-detail = It is unknown, too old or revoked, or its role has ended; make another under “My account”.
problem-core-token-scope = The token was not made for this
problem-core-token-scope-detail = This takes the scope { $scope }; make a token that has it.
fault-access-token-many = Too many tokens, { $most } at most; revoke those not needed first.
fault-access-not-fresh = You signed in more than 15 minutes ago; sign out and in again, then do this.
record-access-token-made = Made an access token
record-access-token-revoked = Revoked an access token
module-second-rests = Your administrator's role rests until you set up two-step verification under “My account”.
fault-access-second-code = Wrong, or used before; type the digits that the app shows now.
fault-access-second-gone = This took too long; please sign in again.
fault-access-second-set = Two-step verification is on already.
record-access-second-factor-set = Turned two-step verification on
record-access-second-factor-removed = Turned two-step verification off
record-access-second-factor-reset = Reset two-step verification
record-access-second-factor-codes-renewed = Made new recovery codes
record-access-recovery-code-used = Signed in with a recovery code
record-access-second-factor-codes-ended = Recovery codes ended with the old master key
record-access-second-factor-failed = Typed a wrong code of the second step
record-module-master-key-changed = Changed the master key
record-module-security-changed = Changed the security of sign-in

# Steps of cases
task-flow-step = { $step_en }: { $name }
flow-outcome-done = Done
flow-outcome-agreed = Agreed
flow-outcome-disagreed = Not agreed
flow-outcome-adopted = Adopted
flow-outcome-lost = Not adopted
flow-outcome-no-quorum = No quorum
flow-outcome-ended = Ended
flow-outcome-returned = Returned
flow-outcome-rejected = Rejected
fault-flow-running = This is being dealt with already
fault-flow-not-open = This step is done already or not open yet; load the page again
fault-flow-not-yours = This step is for another role
fault-flow-second-person = Another person must do this, not whoever did the step before
fault-flow-not-so = This step cannot be done like this
fault-flow-notice-runs = The period is not over; it ends by itself
fault-flow-opinion = Give an opinion
fault-flow-return-to = It cannot be sent back there
fault-flow-too-short = It runs to { $least } at least
fault-flow-no-calendar = The day is beyond the calendar of working days
fault-flow-vote-nobody = Give the number entitled to vote
fault-flow-vote-present = More are present than entitled
fault-flow-vote-sum = For, against and abstained must add up to those present
fault-flow-stages = A plan has 1 to { $most } stages
fault-flow-stage-name = Stage “{ $name }” has no name or one used twice
fault-flow-steps = Stage “{ $name }” has no steps or too many
fault-flow-step-name = Step “{ $name }” has no name or one used twice
fault-flow-enough = Stage “{ $name }” wants more steps than it has
fault-flow-return-later = “{ $name }” can only send back to an earlier stage
fault-flow-second-later = The second person of step “{ $name }” must name an earlier step
fault-flow-bounds = Days or shares of step “{ $name }” are wrong
record-flow-started = Began
record-flow-notice-begun = Notice began
record-flow-step-done = Step done
record-flow-returned = Sent back
record-flow-ended = Ended
