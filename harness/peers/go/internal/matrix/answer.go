package matrix

import (
	"strconv"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/vectorsearch"
)

// Search answers with the ranking.
func (s *Service) Search(body []byte) (int, []byte, error) { return s.respond(body, readSearch, false) }

// Retrieve answers with the ranking, and the texts in it.
func (s *Service) Retrieve(body []byte) (int, []byte, error) {
	return s.respond(body, readRetrieve, true)
}

func (s *Service) respond(body []byte, read func([]byte) (*request, error), texts bool) (int, []byte, error) {
	req, err := read(body)
	if err != nil {
		return 0, nil, err
	}
	res, err := s.search(req)
	if err != nil {
		return 0, nil, err
	}
	return 200, res.appendJSON(nil, texts, req.explain), nil
}

// LegacySearch answers with the ranking of one corpus, in the legacy dialect.
func (s *Service) LegacySearch(body []byte) (int, []byte, error) {
	return s.respondLegacy(body, "query", []string{"index_name", "query", "top_k"}, false)
}

// LegacyHybrid answers like LegacySearch, with a condition on the metadata,
// and with texts.
func (s *Service) LegacyHybrid(body []byte) (int, []byte, error) {
	return s.respondLegacy(body, "question", []string{"index_name", "question", "sql_filter", "top_k"}, true)
}

func (s *Service) respondLegacy(body []byte, textField string, known []string, texts bool) (int, []byte, error) {
	req, err := readLegacy(body, textField, known)
	if err != nil {
		return 0, nil, err
	}
	res, err := s.search(req)
	if err != nil {
		return 0, nil, err
	}
	return 200, res.appendLegacy(nil, texts), nil
}

func (res *result) appendLegacy(dst []byte, texts bool) []byte {
	dst = append(dst, `{"results":`...)
	dst = vectorsearch.AppendArray(dst, res.hits, func(dst []byte, h *hit) []byte {
		dst = append(dst, `{"doc_id":`...)
		dst = rawjson.AppendString(dst, h.item.ID)
		dst = append(dst, `,"distance":`...)
		dst = vectorsearch.AppendNumber(dst, h.distance())
		if texts {
			dst = h.appendText(dst)
		}
		return append(h.appendMetadata(dst), '}')
	})
	return append(dst, '}')
}

func (res *result) appendJSON(dst []byte, texts, explain bool) []byte {
	dst = append(dst, `{"hits":`...)
	dst = vectorsearch.AppendArray(dst, res.hits, func(dst []byte, h *hit) []byte {
		return h.appendJSON(dst, res.plan, texts, explain)
	})
	dst = append(dst, `,"playbook":`...)
	dst = res.playbook.appendJSON(dst)
	dst = append(dst, `,"corpora":`...)
	dst = vectorsearch.AppendArray(dst, res.asked, appendAsked)
	if !res.plan.off {
		dst = res.appendUnderstood(dst)
	}
	return append(vectorsearch.AppendNotices(dst, res.notices), '}')
}

func (h *hit) appendJSON(dst []byte, p *plan, texts, explain bool) []byte {
	dst = append(dst, `{"id":`...)
	dst = rawjson.AppendString(dst, h.item.ID)
	dst = append(dst, `,"corpus":`...)
	dst = rawjson.AppendString(dst, h.corpus)
	if texts {
		dst = h.appendText(dst)
	}
	dst = append(dst, `,"distance":`...)
	dst = vectorsearch.AppendNumber(dst, h.distance())
	dst = append(dst, `,"base_distance":`...)
	dst = vectorsearch.AppendNumber(dst, h.base)
	dst = h.appendMetadata(dst)
	if !p.off {
		dst = vectorsearch.AppendArray(append(dst, `,"matches":`...), p.matches(h), rawjson.AppendString)
	}
	if explain {
		dst = h.appendWhy(dst)
	}
	return append(dst, '}')
}

func (h *hit) appendText(dst []byte) []byte {
	return vectorsearch.AppendStringOrNull(append(dst, `,"text":`...), h.item.Text)
}

func (h *hit) appendMetadata(dst []byte) []byte {
	return append(append(dst, `,"metadata":`...), h.item.Metadata.Raw()...)
}

func (h *hit) appendWhy(dst []byte) []byte {
	dst = append(dst, `,"why":{"shape":"`+h.shape+`","playbook":`...)
	dst = vectorsearch.AppendStringOrNull(dst, orNil(h.recording))
	dst = append(dst, `,"score":`...)
	if h.shape == cold {
		dst = append(dst, "null"...)
	} else {
		dst = vectorsearch.AppendNumber(dst, h.score)
	}
	dst = append(dst, `,"factor":`...)
	return append(vectorsearch.AppendNumber(dst, h.factor), '}')
}

func (v *verdict) appendJSON(dst []byte) []byte {
	dst = strconv.AppendBool(append(dst, `{"used":`...), v.used)
	dst = vectorsearch.AppendStringOrNull(append(dst, `,"role":`...), orNil(v.role))
	dst = append(dst, `,"role_source":"`+string(v.source)+`","boosted":`...)
	dst = strconv.AppendInt(dst, int64(v.boosted), 10)
	dst = strconv.AppendInt(append(dst, `,"injected":`...), int64(v.injected), 10)
	dst = append(dst, `,"rejected":`...)
	dst = vectorsearch.AppendArray(dst, v.rejected, func(dst []byte, r rejection) []byte {
		dst = rawjson.AppendString(append(dst, `{"playbook":`...), r.recording.id)
		dst = rawjson.AppendString(append(dst, `,"answer_id":`...), r.recording.answerID)
		dst = rawjson.AppendString(append(dst, `,"answer_corpus":`...), r.recording.corpus)
		return append(dst, `,"reason":"`+r.reason+`"}`...)
	})
	return append(dst, '}')
}

func appendAsked(dst []byte, a *asked) []byte {
	dst = rawjson.AppendString(append(dst, `{"corpus":`...), a.name)
	if a.failed != nil {
		dst = append(dst, `,"status":"failed","reason":`...)
		return append(rawjson.AppendString(dst, a.failed.Error()), '}')
	}
	dst = append(dst, `,"status":"ok","hits":`...)
	return append(strconv.AppendInt(dst, int64(a.hits), 10), '}')
}
