### Texts of the frames and components. Words of one kind of page belong to its module.

ui-name = Jinmen
ui-motto = Data gathers in Hexi, minds meet at Jinmen
ui-title = { $title } · Jinmen
ui-skip = Skip to content
ui-menu = Main menu
ui-more = More
ui-portal = Portal
ui-workplace = Workplace
ui-sign-in = Sign in
ui-sign-out = Sign out
ui-account = My account
ui-account-menu = Account menu
ui-hat = Acting for
ui-hat-switch = Switch
ui-hat-use = Switch
ui-inbox = Messages
ui-inbox-unread = { $n } unread
ui-search = Search
ui-search-hint = Organisations, people, numbers, policies
ui-language = 中文
ui-language-tag = zh-CN
ui-large = Large type
ui-normal = Normal type
ui-demo = Demonstration
ui-demo-text = All organisations and figures here are invented; try whatever you like.
ui-demo-enter = Enter as:
ui-crumbs = You are here
ui-flashes = Result
ui-dismiss = Dismiss
ui-sponsor = Sponsor
ui-operator = Operator
ui-telephone = Telephone
ui-address = Address
ui-privacy = Privacy notice
ui-accessibility = Accessibility
ui-footer = Footer

ui-cancel = Cancel
ui-back = Back
ui-choose = Please choose
ui-required = required
ui-form-required = Fields marked “required” must be filled in.
ui-form-errors = { $n ->
    [one] { $n } answer needs a change
   *[other] { $n } answers need a change
}
ui-form-error = { $label }: please correct
ui-irreversible = This cannot be undone
ui-sensitive = Kept encrypted, shown masked
ui-no-classified = Do not upload classified material.
ui-camera = On a phone you can take a photograph
ui-unit-yuan = yuan
ui-unit-wan = 10,000 yuan
ui-code-count = { "{" }n{ "}" } choices
ui-draft-saved = Saved { "{" }time{ "}" }
ui-draft-unsaved = Not saved yet; trying again shortly
ui-draft-saved-at = Saved { $time }

ui-over = over { $number }
ui-ago-now = just now
ui-ago-minutes = { $n ->
    [one] a minute ago
   *[other] { $n } minutes ago
}
ui-ago-hours = { $n ->
    [one] an hour ago
   *[other] { $n } hours ago
}
ui-ago-yesterday = yesterday
ui-ago-days = { $n ->
    [one] a day ago
   *[other] { $n } days ago
}

ui-none = none
ui-yes = yes
ui-no = no
ui-reveal = Show
ui-reveal-note = showing it is recorded
ui-masked = masked
ui-sort-up = ascending
ui-sort-down = descending
ui-sort-by = Sort by { $column }
ui-open = Open
ui-copy = Copy
ui-copied = Copied

ui-filter = Filter
ui-filter-more = More conditions
ui-filter-active = Active filters
ui-filter-remove = Remove filter: { $label }
ui-filter-clear = Clear all
ui-export = Export
ui-pager = Pages
ui-previous = Previous
ui-next = Next
ui-total = { $n } in all
ui-empty = Nothing here yet
ui-empty-next = What you can do next

ui-steps = Steps
ui-step-done = done
ui-step-current = under way
ui-step-waiting = not begun
ui-step-stopped = not passed
ui-step-of = Step { $n } of { $total }
ui-timeline = History

ui-source = Source
ui-source-declared = self-declared
ui-source-imported = imported
ui-source-computed = computed
ui-source-verified = verified
ui-source-none = missing
ui-sources = Where values come from

ui-complete = { $percent }% complete
ui-chart-table = Show the figures as a table
ui-relations = Relations
ui-relations-list = List of relations
ui-progress = Progress
ui-progress-working = Working…
ui-progress-cancel = Stop
ui-tabs = Tabs
ui-search-all = Search everything
