package validate

import "lakehouse.invalid/peer/internal/rawjson"

const maxQuery = 2000

func (c *checker) playbook(artifact rawjson.Value) {
	members, ok := c.object(artifact)
	if !ok {
		return
	}
	query, _ := c.required(members, "query_text")
	answer, _ := c.required(members, "answer_id")
	corpus, _ := c.required(members, "answer_corpus")
	score, ok := members.Get("score")
	switch {
	case !ok:
		c.schema("score", "is missing")
	case score.Kind() != rawjson.Number:
		c.schema("score", "must be a number")
	}
	role := c.optional(members, "role", "role", true)
	if len(c.Failures) > 0 {
		return
	}
	c.empty("query_text", query)
	c.empty("answer_id", answer)
	c.empty("answer_corpus", corpus)
	c.longest("query_text", query, maxQuery)
	if !score.Between(1) {
		c.fail(Consistency, "score must be between 0 and 1")
	}
	if corpus == "workers" {
		if w := c.known(answer); w != nil {
			if role != nil {
				c.worksAs(w, *role)
			}
			c.active(Policy, w)
		}
	}
	c.keepable(query, role)
	c.unchecked("", members, "query_text", "answer_id", "answer_corpus", "score", "role")
}

// keepable fails when a text that a recording keeps has a likely social
// security number.
func (c *checker) keepable(query string, role *string) {
	c.noSSN("query_text", query)
	if role != nil {
		c.noSSN("role", *role)
	}
}

// WhyNotRecorded returns why a query and its role, empty when there is none,
// must not be kept in a recording, or "".
func WhyNotRecorded(query, role string) string {
	c := checker{}
	c.longest("query_text", query, maxQuery)
	c.keepable(query, &role)
	if len(c.Failures) == 0 {
		return ""
	}
	return c.Failures[0].Reason
}
