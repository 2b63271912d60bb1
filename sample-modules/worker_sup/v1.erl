%% worker_sup, version 1: a pool of workers that come and go.
-module(worker_sup).
-vsn("1").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    {ok, {#{strategy => simple_one_for_one, intensity => 3},
          [#{id => worker, start => {worker, start_link, []}}]}}.
