package validate

import (
	"unicode/utf8"

	"lakehouse.invalid/peer/internal/contact"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/roster"
)

const (
	maxSubject = 200
	maxBody    = 10000
)

// namedText is a text of a message; rules check the subject first.
type namedText struct {
	name, value string
	limit       int
}

// isTooLong reports whether the text is not searched, because it is refused for
// its length in any case.
func (t namedText) isTooLong() bool { return utf8.RuneCountInString(t.value) > maxBody }

// message applies the rules for emails and text messages, which differ in the
// form of an address, in the subject and in the length.
func (c *checker) message(kind string, artifact rawjson.Value) {
	members, ok := c.object(artifact)
	if !ok {
		return
	}
	email := kind == "email"
	to, toGiven := c.required(members, "to")
	var texts []namedText
	if email {
		subject, _ := c.required(members, "subject")
		texts = append(texts, namedText{"subject", subject, maxSubject})
	}
	body, _ := c.required(members, "body")
	texts = append(texts, namedText{"body", body, maxBody})
	worker := c.optional(members, "worker_id", "worker_id", false)
	if toGiven {
		c.address(email, to)
	}
	if len(c.Failures) > 0 {
		return
	}

	for _, t := range texts {
		c.noForbidden(t.name, t.value)
	}
	for _, t := range texts {
		c.empty(t.name, t.value)
	}
	if email {
		for _, t := range texts {
			c.longest(t.name, t.value, t.limit)
		}
	} else {
		c.smsLength(body)
	}
	for _, t := range texts {
		if t.isTooLong() {
			continue
		}
		if p := placeholder(t.value); p != "" {
			c.fail(Completeness, "%s has a placeholder left: `%s`", t.name, p)
		}
	}
	if w := c.recipient(worker); w != nil {
		c.sentTo(email, to, w)
		for _, t := range texts {
			if t.isTooLong() {
				continue
			}
			c.leaks(t.name, t.value, w)
		}
	}
	for _, t := range texts {
		if !t.isTooLong() {
			c.noSSN(t.name, t.value)
		}
	}
	known := []string{"to", "body", "worker_id"}
	if email {
		known = append(known, "subject")
	}
	c.unchecked("", members, known...)
}

func (c *checker) address(email bool, to string) {
	if email {
		if !contact.IsEmail(to) {
			c.schema("to", "must be an email address")
		}
		return
	}
	if _, ok := contact.Phone(to); !ok {
		c.schema("to", "must be a phone number")
	}
}

// recipient returns the worker that the message is for, the artifact's before
// the context's, or nil when it is unknown.
func (c *checker) recipient(named *string) *roster.Worker {
	other := c.context.WorkerID
	switch {
	case named == nil && other == nil:
		c.fail(Completeness, "no worker is named")
		return nil
	case named == nil:
		named = other
	case other != nil && *named != *other:
		c.fail(Consistency, "the artifact names worker `%s`, the context `%s`", *named, *other)
	}
	return c.known(*named)
}

// sentTo fails when to is not the worker's address.
func (c *checker) sentTo(email bool, to string, w *roster.Worker) {
	if email {
		if !contact.SameEmail(to, w.Email) {
			c.fail(Consistency, "recipient is not the email address of worker `%s`", w.ID)
		}
		return
	}
	theirs, ok := contact.Phone(w.Phone)
	if digits, _ := contact.Phone(to); !ok || digits != theirs {
		c.fail(Consistency, "recipient is not the phone number of worker `%s`", w.ID)
	}
}

// smsLength fails when an sms does not fit one message, and adds a finding
// with its length.
func (c *checker) smsLength(body string) {
	length := smsLengthOf(body)
	if length.n > length.limit {
		c.fail(Completeness, "body takes %d %s, at most %d fit", length.n, length.unit, length.limit)
	}
	c.find("body", "info", "%d of %d %s", length.n, length.limit, length.unit)
}
