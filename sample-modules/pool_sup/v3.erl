%% pool_sup, version 3: a simple_one_for_one; two templates, which is one too many.
-module(pool_sup).
-vsn("3").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    {ok, {#{strategy => simple_one_for_one, intensity => 3},
          [#{id => counter, start => {counter, start_link, []}},
           #{id => ledger, start => {ledger, start_link, []}}]}}.
