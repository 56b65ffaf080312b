// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink operations that change what is enforced: begin, data, stage, commit, abort, disarm. Each
 * holds the transaction lock.
 */
#include "event.h"
#include "netlink.h"
#include "ruleset.h"

static bool missing(struct genl_info *info, int attr, const char *what)
{
	if (!GENL_REQ_ATTR_CHECK(info, attr))
		return false;
	cordon_nl_refuse(info->extack, what);
	return true;
}

static int reply(struct genl_info *info, struct sk_buff *skb, void *hdr)
{
	genlmsg_end(skb, hdr);
	return genlmsg_reply(skb, info);
}

/* The caller's open transaction, or NULL with *err and extack set. */
static struct cordon_tx *find_tx(struct cordon_net *cn, struct genl_info *info, int *err)
{
	struct cordon_tx *tx;

	*err = -EINVAL;
	if (missing(info, CORDON_A_TXID, "the transaction id is missing"))
		return NULL;
	tx = cordon_tx_find(cn, info->snd_portid, nla_get_u64(info->attrs[CORDON_A_TXID]),
			    info->extack);
	*err = tx ? 0 : -ENOENT;
	return tx;
}

/**
 * cordon_nl_ruleset_begin_doit - RULESET_BEGIN
 * @skb: the request
 * @info: the same, parsed
 *
 * Return: 0 and a reply with the transaction id; -EINVAL; -ENOMEM.
 */
int cordon_nl_ruleset_begin_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *generation = info->attrs[CORDON_A_GENERATION];
	struct cordon_net *cn = cordon_net(genl_info_net(info));
	struct sk_buff *msg;
	void *hdr;
	int err;

	if (missing(info, CORDON_A_LENGTH, "the length of the ruleset is missing"))
		return -EINVAL;
	msg = cordon_nl_reply_begin(info, &hdr);
	if (!msg)
		return -ENOMEM;
	mutex_lock(&cn->tx_lock);
	err = cordon_tx_begin(cn, info->snd_portid, nla_get_u32(info->attrs[CORDON_A_LENGTH]),
			      generation ? nla_get_u64(generation) : 0, info->extack);
	if (!err)
		err = nla_put_u64_64bit(msg, CORDON_A_TXID, cn->tx->id, CORDON_A_PAD) ?:
		      cordon_nl_put_ruleset(msg, cordon_snapshot_locked(cn));
	mutex_unlock(&cn->tx_lock);
	if (!err)
		return reply(info, msg, hdr);
	nlmsg_free(msg);
	return err;
}

/**
 * cordon_nl_ruleset_data_doit - RULESET_DATA
 * @skb: the request
 * @info: the same, parsed
 *
 * Return: 0; -EINVAL; -ENOENT without such a transaction.
 */
int cordon_nl_ruleset_data_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cordon_net *cn = cordon_net(genl_info_net(info));
	struct nlattr *data = info->attrs[CORDON_A_DATA];
	struct cordon_tx *tx;
	int err;

	if (missing(info, CORDON_A_OFFSET, "the offset is missing") ||
	    missing(info, CORDON_A_DATA, "the data is missing"))
		return -EINVAL;
	mutex_lock(&cn->tx_lock);
	tx = find_tx(cn, info, &err);
	if (tx)
		err = cordon_tx_data(tx, nla_get_u32(info->attrs[CORDON_A_OFFSET]), nla_data(data),
				     nla_len(data), info->extack);
	mutex_unlock(&cn->tx_lock);
	return err;
}

/**
 * cordon_nl_ruleset_stage_doit - RULESET_STAGE
 * @skb: the request
 * @info: the same, parsed
 *
 * Return: 0 and a reply with what a commit would publish; -EINVAL; -ENOENT; -ENOMEM; what netfilter
 * says.
 */
int cordon_nl_ruleset_stage_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cordon_net *cn = cordon_net(genl_info_net(info));
	struct cordon_tx *tx;
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = cordon_nl_reply_begin(info, &hdr);
	if (!msg)
		return -ENOMEM;
	mutex_lock(&cn->tx_lock);
	tx = find_tx(cn, info, &err);
	if (tx)
		err = cordon_tx_stage(cn, tx, info->extack);
	if (!err)
		err = cordon_nl_put_ruleset(msg, tx->snap) ?:
		      nla_put_u32(msg, CORDON_A_DEVICES, tx->snap->rs->n_devices);
	mutex_unlock(&cn->tx_lock);
	if (!err)
		return reply(info, msg, hdr);
	nlmsg_free(msg);
	return err;
}

static int commit(struct cordon_net *cn, struct genl_info *info, struct sk_buff *msg, void *hdr)
{
	struct cordon_snapshot *old;
	struct cordon_tx *tx;
	int err;

	tx = find_tx(cn, info, &err);
	if (!tx)
		goto refuse;
	err = -EINVAL;
	if (!tx->snap) {
		GENL_SET_ERR_MSG(info, "the transaction is not staged");
		goto refuse;
	}
	err = cordon_nl_put_ruleset(msg, tx->snap) ?:
		      nla_put_u32(msg, CORDON_A_DEVICES, tx->snap->rs->n_devices);
	if (err)
		goto refuse;
	old = cordon_ruleset_publish(cn);
	cordon_event_ruleset(cn, CORDON_EVENT_COMMIT, cordon_snapshot_locked(cn));
	/* It is enforced whether or not the caller can still hear it. */
	err = reply(info, msg, hdr);
	cordon_ruleset_retire(cn, old);
	return err;
refuse:
	nlmsg_free(msg);
	return err;
}

/**
 * cordon_nl_ruleset_commit_doit - RULESET_COMMIT
 * @skb: the request
 * @info: the same, parsed
 *
 * Return: 0 and a reply once the ruleset is enforced; -EINVAL when it is not staged; -ENOENT;
 * -ENOMEM for the reply, with nothing committed.
 */
int cordon_nl_ruleset_commit_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cordon_net *cn = cordon_net(genl_info_net(info));
	struct sk_buff *msg;
	void *hdr;
	int err;

	msg = cordon_nl_reply_begin(info, &hdr);
	if (!msg)
		return -ENOMEM;
	mutex_lock(&cn->tx_lock);
	err = commit(cn, info, msg, hdr);
	mutex_unlock(&cn->tx_lock);
	return err;
}

/**
 * cordon_nl_ruleset_abort_doit - RULESET_ABORT
 * @skb: the request
 * @info: the same, parsed
 *
 * Return: 0; -EINVAL; -ENOENT without such a transaction.
 */
int cordon_nl_ruleset_abort_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cordon_net *cn = cordon_net(genl_info_net(info));
	int err;

	mutex_lock(&cn->tx_lock);
	if (find_tx(cn, info, &err))
		cordon_tx_drop(cn);
	mutex_unlock(&cn->tx_lock);
	return err;
}

/**
 * cordon_nl_disarm_doit - DISARM
 * @skb: the request
 * @info: the same, parsed
 *
 * Return: 0; -ENOENT when no ruleset is committed.
 */
int cordon_nl_disarm_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct cordon_net *cn = cordon_net(genl_info_net(info));
	bool armed;

	mutex_lock(&cn->tx_lock);
	armed = cordon_snapshot_locked(cn);
	if (armed) {
		cordon_tx_drop(cn);
		cordon_ruleset_withdraw(cn);
	}
	mutex_unlock(&cn->tx_lock);
	if (armed)
		return 0;
	GENL_SET_ERR_MSG(info, "no ruleset is committed in this network namespace");
	return -ENOENT;
}
